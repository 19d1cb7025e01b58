import { expect, test } from 'vitest';
import { leavePlace, takePlace } from '../../../src/resilience/held-count.ts';

test('as many places as there may be, and no more until one is left', () => {
  const held = new Int32Array(new SharedArrayBuffer(8));
  expect([takePlace(held, 1, 2), takePlace(held, 1, 2), takePlace(held, 1, 2)]).toEqual([true, true, false]);
  expect([...held]).toEqual([0, 2]);
  leavePlace(held, 1);
  expect(takePlace(held, 1, 2)).toBe(true);
});

test('a place that was given back for a thread that died is not given back again', () => {
  const held = new Int32Array(new SharedArrayBuffer(4));
  expect(takePlace(held, 0, 1)).toBe(true);
  held.fill(0);
  leavePlace(held, 0);
  expect(held[0]).toBe(0);
});
