import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStartOrder } from '../../../src/config/read-experiment.ts';
import type { ChaosExperiment, ChaosFault } from '../../../src/config/topology-chaos.ts';
import { writtenExperiment } from '../../../src/config/written-experiment.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const text = fc.option(fc.constantFrom('shop', 'europe-west1'), { nil: undefined });
const fault: fc.Arbitrary<ChaosFault> = fc.oneof(
  fc.record({ kind: fc.constant('latency' as const), delayMs: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({
    kind: fc.constant('failure' as const),
    answer: fc.oneof(fc.constantFrom('reset' as const, 'refused' as const), fc.integer({ min: 400, max: 599 })),
    errorRate: share,
  }),
  fc.record({ kind: fc.constant('partial' as const), keep: share }),
);
const experiment: fc.Arbitrary<ChaosExperiment> = fc.record({
  name: fc.constantFrom('slow', 'a.b-c_1'),
  fault,
  scope: fc.record({
    service: text,
    cloud: fc.constantFrom(undefined, 'aws', 'gcp', 'azure'),
    region: text,
    endpoint: text,
    priority: text,
  }),
  radius: share,
  forMs: fc.integer({ min: 1000, max: 86_400_000 }),
  autostart: fc.boolean(),
  healthChecks: fc.boolean(),
});

test('what is written is read back to the same, after it has been JSON', () => {
  fc.assert(
    fc.property(experiment, (one) => {
      const sent: unknown = JSON.parse(JSON.stringify(writtenExperiment(one)));
      expect(readStartOrder(sent)).toEqual({ name: one.name, forMs: one.forMs, fleet: false, experiment: one });
    }),
  );
});
