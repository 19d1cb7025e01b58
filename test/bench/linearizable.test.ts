import { expect, test } from 'vitest';
import { isLinearizable, type Operation } from '../../bench/fleet/linearizable.ts';

const read = (startMs: number, endMs: number, saw: string): Operation => ({
  startMs,
  endMs,
  did: { kind: 'read', saw },
});
const write = (startMs: number, endMs: number, makes: string, after?: string): Operation => ({
  startMs,
  endMs,
  did: { kind: 'write', makes, after },
});
const refused = (startMs: number, endMs: number, unlike: string): Operation => ({
  startMs,
  endMs,
  did: { kind: 'refused', unlike },
});
const NEVER = Number.POSITIVE_INFINITY;

test.each<[string, boolean, readonly Operation[]]>([
  ['nothing', true, []],
  ['one after the other', true, [write(0, 1, 'a'), read(2, 3, 'a'), write(4, 5, 'b', 'a'), read(6, 7, 'b')]],
  ['a stale read', false, [write(0, 1, 'a'), write(2, 3, 'b'), read(4, 5, 'a')]],
  [
    'a read while it is written sees either',
    true,
    [write(0, 1, 'a'), write(2, 5, 'b'), read(3, 4, 'a'), read(3, 4, 'b')],
  ],
  ['but not the new before the old', false, [write(0, 1, 'a'), write(2, 9, 'b'), read(3, 4, 'b'), read(5, 6, 'a')]],
  ['a write that is lost', false, [write(0, 1, 'a'), read(2, 3, '')]],
  ['two that both came after the same', false, [write(0, 9, 'a', ''), write(0, 9, 'b', '')]],
  ['one that was unknown and was done', true, [write(0, NEVER, 'a'), read(5, 6, 'a'), write(7, 8, 'b', 'a')]],
  ['one that was unknown and was not', true, [write(0, NEVER, 'a'), read(5, 6, ''), write(7, 8, 'b', '')]],
  [
    'one that was unknown and was done twice',
    false,
    [write(0, NEVER, 'a'), read(1, 2, 'a'), write(3, 4, 'b'), read(5, 6, 'b'), read(7, 8, 'a')],
  ],
  ['refused, and it was not as asked', true, [write(0, 1, 'a'), refused(2, 3, '')]],
  ['refused, though it was as asked', false, [write(0, 1, 'a'), refused(2, 3, 'a')]],
  ['what is seen before it was begun', false, [read(0, 1, 'a'), write(2, 3, 'a')]],
])('%s: %s', (_, is, operations) => {
  expect(isLinearizable(operations)).toBe(is);
  expect(isLinearizable(operations.toReversed())).toBe(is);
});
