import { expect, test } from 'vitest';
import { AheadBytes } from '../../../../src/edge/client/ahead-bytes.ts';

test('there is room up to a total, and again for what has been given back', () => {
  const ahead = new AheadBytes(100);
  expect(ahead.take(60)).toBe(true);
  expect(ahead.take(41)).toBe(false);
  expect(ahead.take(40)).toBe(true);
  ahead.give(60);
  expect(ahead.taken).toBe(40);
  expect(ahead.take(60)).toBe(true);
});
