import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../../src/fleet/canonical.ts';
import {
  CHAOS_KEYS_MAX,
  CHAOS_PREFIX,
  chaosValue,
  isLaterStart,
  keyForStart,
  mergeChaos,
  type SharedExperiment,
  sharedExperimentOf,
  startOf,
} from '../../../src/fleet/chaos-record.ts';
import type { SharedRecord, SharedValue } from '../../../src/fleet/fleet.ts';
import { experimentOf } from '../../support/chaos.ts';

const SLOW = experimentOf('slow', { kind: 'latency', delayMs: 100 });

function record(value: SharedValue): SharedRecord {
  return { key: `${CHAOS_PREFIX}slow`, value, clock: {}, writtenAtMs: 0, by: 'a' };
}

function shared(more: Partial<SharedExperiment> = {}): SharedExperiment {
  return { experiment: SLOW, startedAtMs: 5, untilMs: 60_005, startedBy: 'a', stopped: undefined, ...more };
}

const STOPPED = { reason: 'guard', detail: 'it burns', edge: 'b' } as const;

test('what is written is read back to the same, after it has been JSON', () => {
  for (const one of [shared(), shared({ stopped: STOPPED })]) {
    const value = JSON.parse(JSON.stringify(chaosValue(one))) as SharedValue;
    expect(sharedExperimentOf(record(value))).toEqual(one);
  }
});

test.each<[string, SharedValue]>([
  ['nothing', {}],
  ['a kind of another version', { ...chaosValue(shared()), order: { name: 'slow', kind: 'melt', radius: 1 } }],
  ['no more than a name', { ...chaosValue(shared()), order: { name: 'slow' } }],
  ['no time', { ...chaosValue(shared()), untilMs: null }],
  ['an end that is none', { ...chaosValue(shared()), stopped: { reason: 'bored' } }],
])('a record with %s is no experiment', (_, value) => {
  expect(sharedExperimentOf(record(value))).toBeUndefined();
});

test('of one start stopped beats running, whoever wrote last; a later start beats an earlier one', () => {
  const winner = (a: SharedExperiment, b: SharedExperiment) =>
    sharedExperimentOf(record(mergeChaos(record(chaosValue(a)), record(chaosValue(b)))));
  expect(winner(shared(), shared({ stopped: STOPPED }))?.stopped).toEqual(STOPPED);
  const later = shared({ startedAtMs: 6, startedBy: 'b' });
  expect(winner(shared({ stopped: STOPPED }), later)).toEqual(later);
  expect(startOf(later)).not.toBe(startOf(shared()));
});

const value = fc.oneof(
  fc
    .record({
      startedAtMs: fc.constantFrom(1, 2),
      startedBy: fc.constantFrom('a', 'b'),
      untilMs: fc.constantFrom(10, 20),
      stopped: fc.constantFrom(undefined, STOPPED, { ...STOPPED, reason: 'operator' as const }),
    })
    .map((more) => chaosValue(shared(more))),
  fc.constantFrom<SharedValue>({}, { a: 1 }, { order: 7 }),
);

test('it does not matter who hears whom first, nor how often', () => {
  const merged = (a: SharedValue, b: SharedValue) => mergeChaos(record(a), record(b));
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      expect(canonical(merged(a, b))).toBe(canonical(merged(b, a)));
      expect(canonical(merged(merged(a, b), c))).toBe(canonical(merged(a, merged(b, c))));
      expect(canonical(merged(a, a))).toBe(canonical(a));
    }),
    { numRuns: 1000 },
  );
});

test('a start has the key that its name had, else its own, else that of the one that is over for longest', () => {
  const of = (n: number, more: Partial<SharedExperiment> = {}): SharedRecord => {
    const experiment = experimentOf(`e${n}`, { kind: 'latency', delayMs: 100 });
    return { ...record(chaosValue(shared({ experiment, untilMs: 1000 + n, ...more }))), key: `${CHAOS_PREFIX}e${n}` };
  };
  const few = [of(1), { ...of(2), key: `${CHAOS_PREFIX}taken` }];
  expect(keyForStart('e3', few)).toBe('chaos/e3');
  expect(keyForStart('e2', few)).toBe('chaos/taken');
  const many = Array.from({ length: CHAOS_KEYS_MAX }, (_, n) => of(n, n < 7 ? {} : { stopped: STOPPED }));
  expect(keyForStart('new', many)).toBe('chaos/e7');
  expect(keyForStart('e3', many)).toBe('chaos/e3');
  expect(keyForStart('new', many.slice(0, 7))).toBe('chaos/new');
  // Its own key is that of another that runs.
  expect(keyForStart('taken', [of(0, { stopped: STOPPED }), few[1] as SharedRecord])).toBe('chaos/e0');
});

test('of two starts at one time, every edge takes the same for the later one', () => {
  expect(isLaterStart(shared({ startedBy: 'b' }), shared())).toBe(true);
  expect(isLaterStart(shared(), shared({ startedBy: 'b' }))).toBe(false);
  expect(isLaterStart(shared({ startedAtMs: 4, startedBy: 'b' }), shared())).toBe(false);
});
