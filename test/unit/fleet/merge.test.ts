import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SharedRecord } from '../../../src/fleet/fleet.ts';
import { counters, isLater, lastWrite, mergeFor, totalOf } from '../../../src/fleet/merge.ts';

const record = (value: SharedRecord['value'], writtenAtMs = 0, by = 'a'): SharedRecord => ({
  key: 'k',
  value,
  clock: {},
  writtenAtMs,
  by,
});

test('the last write wins; at one time the later edge by name, then the value', () => {
  expect(lastWrite(record({ x: 1 }, 1), record({ x: 2 }, 2))).toEqual({ x: 2 });
  expect(lastWrite(record({ x: 1 }, 2), record({ x: 2 }, 1))).toEqual({ x: 1 });
  expect(lastWrite(record({ x: 1 }, 1, 'b'), record({ x: 2 }, 1, 'a'))).toEqual({ x: 1 });
  expect(lastWrite(record({ x: 1 }), record({ x: 2 }))).toEqual({ x: 2 });
  expect(isLater(record({ a: 1, b: 2 }), record({ b: 2, a: 1 }))).toBe(false);
});

test('counters take the larger count of each edge, so what both had seen counts once', () => {
  const [one, other] = [record({ a: 5, b: 2 }), record({ a: 3, b: 4, c: 1 })];
  expect(counters(one, other)).toEqual({ a: 5, b: 4, c: 1 });
  expect(totalOf(counters(one, other))).toBe(10);
  expect(counters(record({ a: 'x', constructor: 2 }), record({}))).toEqual({ a: 0, constructor: 2 });
});

test('both are commutative, associative and idempotent', () => {
  const some = fc
    .record({
      value: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(3)),
      writtenAtMs: fc.nat(2),
      by: fc.constantFrom('a', 'b'),
    })
    .map(({ value, writtenAtMs, by }) => record(value, writtenAtMs, by));
  fc.assert(
    fc.property(some, some, some, fc.constantFrom(lastWrite, counters), (a, b, c, merge) => {
      const later = (x: SharedRecord, y: SharedRecord) => (isLater(x, y) ? x : y);
      const both = (x: SharedRecord, y: SharedRecord) => ({ ...later(x, y), value: merge(x, y) });
      expect(both(a, b)).toEqual(both(b, a));
      expect(both(both(a, b), c)).toEqual(both(a, both(b, c)));
      // Counters name every edge that either counts, also at 0.
      if (merge === lastWrite) expect(both(a, a)).toEqual(a);
      expect(both(both(a, b), b)).toEqual(both(a, b));
    }),
  );
});

test('the longest prefix decides', () => {
  const [short, long] = [() => ({ short: 1 }), () => ({ long: 1 })];
  expect(mergeFor('drain/x', { '': short, 'drain/': long })).toBe(long);
  expect(mergeFor('weight/x', { '': short, 'drain/': long })).toBe(short);
  expect(mergeFor('weight/x', { 'drain/': long })).toBe(lastWrite);
});
