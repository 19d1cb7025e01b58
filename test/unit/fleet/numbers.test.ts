import { expect, test } from 'vitest';
import { Numbers } from '../../../src/fleet/numbers.ts';

test('numbers rise, also within a millisecond and when the wall clock goes back', () => {
  const clock = { wallMs: 5000 };
  const numbers = new Numbers(
    () => clock.wallMs,
    () => 0,
  );
  const first = numbers.next({});
  clock.wallMs = 1000;
  const second = numbers.next({});
  clock.wallMs = 9000;
  expect([second - first, numbers.next({}) > second]).toEqual([1, true]);
});

test('a number is above all that it has seen', () => {
  const numbers = new Numbers(
    () => 1,
    () => 0.999,
  );
  expect(numbers.next({ other: 5_000_000 })).toBe(5_000_001);
  expect(numbers.next({})).toBe(5_000_002);
});

test('one that was met and not given is strange, once', () => {
  const numbers = new Numbers(
    () => 1,
    () => 0,
  );
  const given = numbers.next({});
  expect([numbers.met(given), numbers.met(given + 7), numbers.met(given + 7)]).toEqual([false, true, false]);
  expect(numbers.next({})).toBe(given + 8);
});
