import { expect, test } from 'vitest';
import { BURSTS_MAX, Bursts } from '../../../src/demo/bursts.ts';

test('what is the same is added up, and shown once', () => {
  const bursts = new Bursts();
  bursts.add('failed over', 2);
  bursts.add('failed', 1);
  bursts.add('failed over', 3);
  expect(bursts.flush()).toEqual(['5 requests failed over', '1 request failed']);
  expect(bursts.flush()).toEqual([]);
});

test('however many different things happen, few are kept', () => {
  const bursts = new Bursts();
  for (let i = 0; i < BURSTS_MAX * 2; i += 1) bursts.add(`failed: ${i}`, 1);
  bursts.add('failed: 0', 1);
  const told = bursts.flush();
  expect(told).toHaveLength(BURSTS_MAX);
  expect(told[0]).toBe('2 requests failed: 0');
});
