import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../src/fleet/canonical.ts';
import type { SharedRecord, SharedValue } from '../../../src/fleet/fleet.ts';
import { inForceOf, type OverrideEntry } from '../../../src/fleet/override.ts';
import { mergeOverrides } from '../../../src/fleet/override-merge.ts';

const KEY = 'override/weight/gcp';

function record(value: SharedValue, key = KEY): SharedRecord {
  return { key, value, clock: {}, writtenAtMs: 0, by: 'a' };
}

const of = (...said: readonly Partial<OverrideEntry>[]): SharedValue => ({
  kind: 'weight',
  scope: { cloud: 'gcp' },
  said: said.map((one) => ({ level: 0.5, untilMs: null, setAtMs: 0, actor: 'a', reason: '', ...one })),
});

const merged = (a: SharedValue, b: SharedValue) => mergeOverrides(record(a), record(b));

const word = fc.record({
  level: fc.constantFrom(null, 0.1, 0.3, 0.5),
  untilMs: fc.constantFrom(null, 100, 200, 300),
  setAtMs: fc.constantFrom(0, 50, 150),
  actor: fc.constantFrom('ann', 'bob'),
  reason: fc.constantFrom('', 'why'),
});
/** What an edge may hold: one operator's word, what became of several, or what nobody can read. */
const value = fc.oneof(
  word.map((one) => of(one)),
  fc.array(word, { minLength: 2, maxLength: 4 }).map((all) => all.map((one) => of(one)).reduce(merged)),
  fc.constantFrom<SharedValue>({}, { kind: 'weight' }, { a: 1, b: 2 }, { b: 2, a: 1 }),
);

describe('whatever was said', () => {
  test('it does not matter who hears whom first, nor how often', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const text = canonical;
        expect(text(merged(a, b))).toBe(text(merged(b, a)));
        expect(text(merged(merged(a, b), c))).toBe(text(merged(a, merged(b, c))));
        expect(text(merged(a, a))).toBe(text(a));
        expect(text(merged(merged(a, b), b))).toBe(text(merged(a, b)));
      }),
      { numRuns: 2000 },
    );
  });

  test('at every moment the safer of the two holds', () => {
    const levelAt = (one: SharedValue, ms: number) => inForceOf(record(one), ms)?.level ?? 1;
    fc.assert(
      fc.property(value, value, fc.constantFrom(0, 99, 100, 150, 250, 300, 1e9), (a, b, ms) => {
        expect(levelAt(merged(a, b), ms)).toBe(Math.min(levelAt(a, ms), levelAt(b, ms)));
      }),
      { numRuns: 2000 },
    );
  });

  test('no more words are kept than can hold at some time', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (all) => {
        const { said } = all.map((one) => of(one)).reduce(merged) as unknown as { said: readonly OverrideEntry[] };
        expect(said.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

test('drained beats served, and longer beats shorter', () => {
  const drain = (level: number | null, untilMs: number | null, actor: string): SharedRecord =>
    record(
      { kind: 'drain', scope: { cloud: 'gcp' }, said: [{ level, untilMs, setAtMs: 0, actor, reason: '' }] },
      'override/drain/gcp',
    );
  const winner = (a: SharedRecord, b: SharedRecord) => mergeOverrides(a, b)['said'];
  const [served, forever, hour] = [drain(null, null, 'a'), drain(0, null, 'b'), drain(0, 3_600_000, 'c')];
  expect(winner(served, hour)).toEqual(hour.value['said']);
  expect(winner(hour, forever)).toEqual(forever.value['said']);
});

test('of two that are alike the last reason given is shown', () => {
  const a = of({ setAtMs: 1, reason: 'first' });
  const b = of({ setAtMs: 2, reason: 'second' });
  expect(merged(a, b)).toEqual(b);
});

test('what cannot be read, or says it is about something else, gives way', () => {
  const good = of({});
  expect(merged(good, { kind: 'weight' })).toEqual(good);
  expect(merged({ ...of({ level: 0.1 }), scope: { cloud: 'aws' } }, good)).toEqual(good);
});
