import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../../src/fleet/canonical.ts';
import {
  chaosKey,
  chaosValue,
  mergeChaos,
  type SharedExperiment,
  sharedExperimentOf,
  startOf,
} from '../../../src/fleet/chaos-record.ts';
import type { SharedRecord, SharedValue } from '../../../src/fleet/fleet.ts';
import { experimentOf } from '../../support/chaos.ts';

const SLOW = experimentOf('slow', { kind: 'latency', delayMs: 100 });

function record(value: SharedValue): SharedRecord {
  return { key: chaosKey('slow'), value, clock: {}, writtenAtMs: 0, by: 'a' };
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
  ['another name', { ...chaosValue(shared()), order: { ...(chaosValue(shared())['order'] as object), name: 'x' } }],
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
