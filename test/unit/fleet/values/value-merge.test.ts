import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VALUE_MERGES } from '../../../../src/config/topology-values.ts';
import { canonical } from '../../../../src/fleet/canonical.ts';
import type { Merge, SharedRecord } from '../../../../src/fleet/fleet.ts';
import { mergeFor } from '../../../../src/fleet/merge.ts';
import { elements, valueMerges } from '../../../../src/fleet/values/value-merge.ts';
import { readValue, written } from '../../../../src/fleet/values/value-record.ts';

const merges = Object.fromEntries(VALUE_MERGES.map((merge) => [`${merge}/`, merge]));
const all = valueMerges({ merges, consistency: { 'strong/': 'strong', 'newest/strong/': 'strong' } } as never);
const mergeOf = (key: string): Merge => mergeFor(`value/${key}`, all);

const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.tuple(fc.nat(9), fc.nat(9)), { maxKeys: 3 });
const value = fc.oneof(
  fc.record({
    value: fc.oneof(fc.integer(), fc.constant(undefined), fc.array(fc.nat(4)), fc.constant('x')),
    actor: fc.constantFrom('p', 'q'),
  }),
  fc.record({ counts, actor: fc.constant('p') }),
);
const record = fc.record({ said: value, writtenAtMs: fc.nat(3), by: fc.constantFrom('a', 'b', 'c') }).map(
  ({ said, writtenAtMs, by }): SharedRecord => ({
    key: 'value/k',
    value: written(said as never),
    clock: {},
    writtenAtMs,
    by,
  }),
);

test.each(VALUE_MERGES)('%s: order does not matter, and what is merged with itself stays', (word) => {
  const merge = mergeOf(`${word}/x`);
  const what = (said: ReturnType<Merge>) => canonical({ ...said, a: '' });
  fc.assert(
    fc.property(record, record, (a, b) => {
      if (a.writtenAtMs === b.writtenAtMs && a.by === b.by) return;
      expect(merge(a, b)).toEqual(merge(b, a));
      expect(what(merge(a, a))).toEqual(
        what(
          a.value['c'] === undefined && Array.isArray(a.value['v']) && word === 'union'
            ? { ...a.value, v: elements(a.value['v']) }
            : a.value,
        ),
      );
    }),
  );
});

const of = (said: object, writtenAtMs = 0, by = 'a'): SharedRecord => ({
  key: 'value/k',
  value: written({ actor: by, ...said }),
  clock: {},
  writtenAtMs,
  by,
});
const merged = (key: string, a: SharedRecord, b: SharedRecord) => readValue({ value: mergeOf(key)(a, b) }).value;

test.each([
  ['newest/x', { value: 1 }, { value: 2 }, 2],
  ['newest/x', { value: 1 }, { value: undefined }, undefined],
  ['other', { value: 1 }, { value: 2 }, 2],
  ['lowest/x', { value: 1 }, { value: 2 }, 1],
  ['highest/x', { value: 3 }, { value: 2 }, 3],
  ['lowest/x', { value: 1 }, { value: undefined }, 1],
  ['lowest/x', { value: 'no number' }, { value: 7 }, 7],
  ['union/x', { value: [2, 1] }, { value: [2, 3] }, [1, 2, 3]],
  ['union/x', { value: [1] }, { value: undefined }, [1]],
  ['counter/x', { counts: { a: [3, 1], b: [1, 0] } }, { counts: { a: [2, 1], c: [0, 4] } }, -1],
  ['counter/x', { counts: { a: [3, 1] } }, { value: undefined }, 2],
  ['counter/x', { counts: { a: [3, 1] } }, { value: 17 }, 2],
])('%s: %j beside a later %j', (key, a, b, result) => {
  expect(merged(key, of(a), of(b, 1, 'b'))).toEqual(result);
});

test('at the same time the later edge by name is the newest, whoever looks', () => {
  const [a, b] = [of({ value: 1 }, 5, 'a'), of({ value: 2 }, 5, 'b')];
  expect([merged('newest/x', a, b), merged('newest/x', b, a)]).toEqual([2, 2]);
});

test('of strong values the one that was agreed on last holds, whatever the clocks say; the longest prefix decides', () => {
  const strong = (ballot: string) => ({ revision: 1, id: ballot, ballot, by: 'a', atMs: 0 });
  const [early, late] = [of({ value: 1, strong: strong('1') }, 9, 'b'), of({ value: 2, strong: strong('2') }, 0, 'a')];
  for (const key of ['strong/x', 'newest/strong/x']) {
    expect([merged(key, early, late), merged(key, late, early)]).toEqual([2, 2]);
  }
  expect(merged('newest/x', early, late)).toBe(1);
});
