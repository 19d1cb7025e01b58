import fc from 'fast-check';
import type { Ask } from '../../src/routing/ask.ts';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { askOf, type Stage, stageOf } from './stage.ts';
import { threeClouds } from './topology.ts';

const POLICY = { failures: 1, successes: 2, openMs: 1000, probes: 1 };
const EACH = 2;
const COUNT = 3 * EACH;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const row = fc.record({
  state: fc.constantFrom(...Object.values(HEALTH_STATE)),
  health: share,
  inFlight: fc.nat(120),
  drained: fc.constantFrom(0, 0, 0, 1),
  rampFromMs: fc.constantFrom(-1, 0, 900),
  failedAtMs: fc.option(fc.constantFrom(-500, 0, 500), { freq: 3 }),
  ms: fc.double({ min: 0, max: 300, noNaN: true }),
  weight: fc.constantFrom(1, 1, 0.5, 0.01),
  capacity: fc.constantFrom(0, 0, 1, 1000),
  fleetInFlight: fc.constantFrom(0, 0, 50, 500),
});
const routing = fc.constantFrom(
  '',
  'routing: { select: weighted }',
  'routing: { failover: [gcp, aws, azure] }',
  'routing: { band: 0.2, curve: decay }',
);

/** Any state of a table with two endpoints a cloud, and any question about it. */
export const randomStage: fc.Arbitrary<{ readonly stage: Stage; readonly ask: Ask }> = fc
  .record({
    service: routing,
    rows: fc.array(row, { minLength: COUNT, maxLength: COUNT }),
    cloudFailedAtMs: fc.option(fc.constantFrom(-500, 500), { freq: 3 }),
    asked: fc.record({
      draw,
      heldBackMs: draw.map((u) => u * 30_000),
      share: draw,
      mayProbe: fc.boolean(),
      shares: fc.float64Array({ min: 0, max: 1, noNaN: true, minLength: 3, maxLength: 3 }),
      tried: fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: COUNT }),
    }),
  })
  .map(({ service, rows, cloudFailedAtMs, asked }) => {
    const stage = stageOf(threeClouds({ each: EACH, service }));
    const { live } = stage.table;
    for (const [i, one] of rows.entries()) {
      const { state, health, inFlight, drained, rampFromMs, failedAtMs } = one;
      live.weight[i] = one.weight;
      live.capacity[i] = one.capacity;
      live.fleetInFlight[i] = one.fleetInFlight;
      live.state[i] = state;
      live.health[i] = health;
      live.inFlight[i] = inFlight;
      live.drained[i] = drained;
      live.rampFromMs[i] = rampFromMs;
      if (failedAtMs !== null) stage.live.endpointCells.report(i, 0, 'failure', { nowMs: failedAtMs, policy: POLICY });
    }
    if (cloudFailedAtMs !== null) {
      stage.live.cloudCells.report(1, 0, 'failure', { nowMs: cloudFailedAtMs, policy: POLICY });
    }
    const ms = rows.map((one) => one.ms);
    return { stage, ask: askOf(stage.view, ms, asked) };
  });
