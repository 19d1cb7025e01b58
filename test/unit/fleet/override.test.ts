import { expect, test } from 'vitest';
import type { SharedRecord, SharedValue } from '../../../src/fleet/fleet.ts';
import { inForceOf, overrideKey, overrideOf, overrideValue } from '../../../src/fleet/override.ts';

const SCOPE = { cloud: 'gcp', region: 'europe-west1' } as const;
const ORDER = {
  kind: 'drain',
  scope: SCOPE,
  level: 0,
  forMs: 1000,
  actor: 'ann',
  reason: 'why',
  force: false,
} as const;
const KEY = 'override/drain/gcp/europe-west1';

function record(value: SharedValue, key = KEY): SharedRecord {
  return { key, value, clock: { a: 1 }, writtenAtMs: 0, by: 'a' };
}

test('an order becomes a record that every edge reads the same, and that JSON can carry', () => {
  const value = JSON.parse(JSON.stringify(overrideValue(ORDER, 500))) as SharedValue;
  expect(overrideKey(ORDER)).toBe(KEY);
  expect(overrideOf(record(value))).toEqual({
    kind: 'drain',
    scope: SCOPE,
    said: [{ level: 0, untilMs: 1500, setAtMs: 500, actor: 'ann', reason: 'why' }],
  });
});

test('a scope that is too long for a key stands in it as a digest, and whole in the record', () => {
  const scope = { endpoint: `shop/gcp/x/h:1/${'a'.repeat(3000)}` };
  const long = { ...ORDER, scope };
  expect(overrideKey(long)).toMatch(/^override\/drain\/sha256:[0-9a-f]{64}$/);
  expect(overrideOf(record(overrideValue(long, 0), overrideKey(long)))?.scope).toEqual(scope);
  expect(overrideKey({ ...long, scope: { endpoint: `${scope.endpoint}b` } })).not.toBe(overrideKey(long));
});

test('it holds until its time is over, by the wall clock', () => {
  const at = (wallMs: number) => inForceOf(record(overrideValue(ORDER, 500)), wallMs);
  expect(at(0)).toMatchObject({ kind: 'drain', level: 0, untilMs: 1500, edge: 'a' });
  expect(at(1499)).toBeDefined();
  expect(at(1500)).toBeUndefined();
});

test('without a time it holds forever, and what is lifted does not hold', () => {
  expect(inForceOf(record(overrideValue({ ...ORDER, forMs: undefined }, 0)), 8e15)).toBeDefined();
  expect(inForceOf(record(overrideValue({ ...ORDER, level: null, forMs: undefined }, 0)), 0)).toBeUndefined();
});

test('of several entries the safest that has not expired holds', () => {
  const said = (level: number, untilMs: number | null) => ({ level, untilMs, setAtMs: 0, actor: 'a', reason: '' });
  const value = { kind: 'weight', scope: SCOPE, said: [said(0.1, 100), said(0.3, 200), said(0.5, null)] };
  const at = (ms: number) => inForceOf(record(value, 'override/weight/gcp/europe-west1'), ms)?.level;
  expect([at(0), at(100), at(200)]).toEqual([0.1, 0.3, 0.5]);
});

const GOOD = { level: 0, untilMs: null, setAtMs: 0, actor: 'a', reason: '' };

test.each<[string, SharedValue]>([
  ['another kind', { kind: 'fence', scope: SCOPE, said: [GOOD] }],
  ['no scope', { kind: 'drain', scope: {}, said: [GOOD] }],
  ['what is no name of a cloud', { kind: 'drain', scope: { cloud: 'O C/I' }, said: [GOOD] }],
  ['a region that is no text', { kind: 'drain', scope: { cloud: 'gcp', region: 7 }, said: [GOOD] }],
  ['no words', { kind: 'drain', scope: SCOPE, said: [] }],
  ['words that are no list', { kind: 'drain', scope: SCOPE, said: GOOD }],
  ['a drain that is none', { kind: 'drain', scope: SCOPE, said: [{ ...GOOD, level: 0.5 }] }],
  ['a date that is none', { kind: 'drain', scope: SCOPE, said: [{ ...GOOD, setAtMs: 9e15 }] }],
  ['nobody', { kind: 'drain', scope: SCOPE, said: [{ ...GOOD, actor: undefined }] }],
  ['one bad word among good ones', { kind: 'drain', scope: SCOPE, said: [GOOD, { ...GOOD, level: '0' }] }],
  ['the scope of another key', { kind: 'drain', scope: { cloud: 'gcp' }, said: [GOOD] }],
  ['nothing', {}],
])('a record with %s is no override', (_, value) => {
  expect(overrideOf(record(value))).toBeUndefined();
  expect(inForceOf(record(value), 0)).toBeUndefined();
});

test.each([
  [0, undefined],
  [1, undefined],
  [0.5, 0.5],
])('a weight of %d', (level, is) => {
  const value = { kind: 'weight', scope: SCOPE, said: [{ ...GOOD, level }] };
  expect(inForceOf(record(value, 'override/weight/gcp/europe-west1'), 0)?.level).toBe(is);
});

test('an override about a cloud that only other edges have is read, to be kept for them', () => {
  const order = { kind: 'drain', scope: { cloud: 'onprem', region: 'paris-dc1' } } as const;
  const value = { ...order, said: [GOOD] };
  expect(overrideOf({ key: overrideKey(order), value })).toEqual(value);
});
