import { expect, test } from 'vitest';
import { Numbers } from '../../../src/fleet/numbers.ts';
import { NUMBER_MAX } from '../../../src/fleet/register-text.ts';

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

test('a wall clock that is centuries ahead gives numbers that others read, with room to go on', () => {
  const numbers = new Numbers(
    () => Date.UTC(2500, 0),
    () => 0.5,
  );
  const [first, second] = [numbers.next({}), numbers.next({})];
  expect(second - first).toBe(1);
  expect(second).toBeLessThan(NUMBER_MAX);
});
