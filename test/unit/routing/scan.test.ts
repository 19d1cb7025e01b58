import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldBackMs } from '../../../src/resilience/ramp.ts';
import type { Ask } from '../../../src/routing/ask.ts';
import { priorityOf } from '../../../src/routing/priorities.ts';
import { groupAt } from '../../../src/routing/scan.ts';
import { NOBODY, select } from '../../../src/routing/select.ts';
import { NO_SET, setOfDraw } from '../../../src/routing/split.ts';
import { cloudBreakerIndex } from '../../../src/table/endpoint-table.ts';
import { Dice } from '../../fuzz/dice.ts';
import { choiceByRule } from '../../support/choice-by-rule.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

/** Each kind of service whose endpoints a scan has something else to ask of. */
const SERVICES = {
  plain: '',
  weighted: 'routing: { select: weighted }',
  'in a fixed order': 'routing: { failover: [gcp, azure, aws] }',
  'no band': 'routing: { band: 0 }',
  'a low floor': 'routing: { health_floor: 0.2 }',
  waterfall: 'routing: { spill_at: 60%, shed_at: 150% }',
  'rooms of their own': 'routing: { overflow_max: 40% }',
  'a brake': 'routing: { spill_at: 85%, overflow_max: 90%, shed_at: 110%, panic_below: 60% }',
  'reported loads': 'routing: { load: reported }',
  'learned limits': 'routing: { in_flight_max: learned }',
  split: 'split: { stable: 80, canary: 20 }',
} as const;
const CLOUDS = ['aws', 'gcp', 'azure'] as const;
const REGIONS = { aws: 'us-east-1', gcp: 'europe-west1', azure: 'japaneast' } as const;
const ENDPOINTS = 7;
const NOW_MS = 5000;

function stageWith(service: keyof typeof SERVICES): Stage {
  const lines = Array.from({ length: ENDPOINTS }, (_, i) => {
    const cloud = CLOUDS[i % 3] as (typeof CLOUDS)[number];
    const set = service === 'split' ? `, set: ${i % 2 === 0 ? 'stable' : 'canary'}` : '';
    const weight = i % 4 === 3 ? '50%' : '100%';
    return `      - { cloud: ${cloud}, region: ${REGIONS[cloud]}, url: "http://10.0.0.${i + 1}", capacity: ${50 + 50 * i}, weight: ${weight}, tier: ${i < 5 ? 1 : 2}${set} }`;
  });
  return stageOf(
    topologyOf(
      `version: 1\nedge: { region: aws/us-east-1 }\nservices:\n  shop:\n    ${SERVICES[service]}\n    endpoints:\n${lines.join('\n')}\n`,
    ),
  );
}

const STAGES = Object.fromEntries(
  Object.keys(SERVICES).map((name) => [name, stageWith(name as keyof typeof SERVICES)]),
) as Record<keyof typeof SERVICES, Stage>;

/** Makes of every row something: `calm` of them, of a hundred, are as most are in most hours. */
function shake({ view, table, live }: Stage, dice: Dice, calm: number): void {
  const { columns } = live;
  const unit = () => dice.below(1000) / 1000;
  const either = (usual: () => number, odd: () => number) => (dice.below(100) < calm ? usual() : odd());
  const word = () => (dice.below(4096) & ~3) | dice.below(3);
  const times = () => dice.pick([0, NOW_MS, 2 * NOW_MS]);
  columns.starting[view.slot] = dice.onceIn(6) ? 1 : 0;
  for (let cloud = 0; cloud < 3; cloud += 1) {
    const at = cloudBreakerIndex(view.slot, cloud);
    columns.cloudBreaker[at] = either(() => 0, word);
    columns.cloudBreakerUntilMs[at] = times();
  }
  for (const row of view.rows) {
    table.resetRow(row);
    columns.health[row] = either(() => 0.9 + unit() / 10, unit);
    columns.state[row] = either(
      () => 1,
      () => dice.below(4),
    );
    columns.inFlight[row] = either(
      () => dice.below(40),
      () => dice.below(1200),
    );
    columns.atEndpoint[row] = either(() => 1, unit);
    columns.fleetInFlight[row] = either(
      () => 0,
      () => dice.below(300),
    );
    columns.inFlightMax[row] = either(
      () => Number.POSITIVE_INFINITY,
      () => dice.below(40),
    );
    columns.inFlightMean[row] = dice.pick([Number.NaN, 0, dice.below(100)]);
    columns.capacity[row] = either(
      () => 0,
      () => dice.below(300),
    );
    columns.capacityFit[row] = either(
      () => 1,
      () => dice.pick([0.0625, 0.5, 2, 16]),
    );
    columns.reportedLoad[row] = either(
      () => 0,
      () => unit() * 4,
    );
    columns.room[row] = either(() => 1, unit);
    columns.weight[row] = either(
      () => 1,
      () => dice.pick([0.1, 0.5, 1]),
    );
    columns.rampFromMs[row] = either(
      () => -1,
      () => dice.below(NOW_MS),
    );
    columns.restUntilMs[row] = either(
      () => 0,
      () => dice.below(2 * NOW_MS),
    );
    columns.errorRate[row] = either(
      () => 0,
      () => unit() / 10,
    );
    columns.drained[row] = either(
      () => 0,
      () => dice.below(2),
    );
    columns.tooSlow[row] = either(
      () => 0,
      () => dice.below(2),
    );
    columns.silent[row] = either(
      () => 0,
      () => dice.below(2),
    );
    columns.checksGood[row] = either(
      () => 1,
      () => dice.below(2),
    );
    columns.breaker[row] = either(() => 0, word);
    columns.breakerUntilMs[row] = times();
  }
}

function question({ view }: Stage, dice: Dice): Ask {
  const unit = () => dice.below(2 ** 20) / 2 ** 20;
  const ms = Array.from(view.rows, () => dice.pick([1, 5, 20, 21, 80, 199, 400]));
  const share = unit();
  return askOf(view, ms, {
    weights: priorityOf(view, dice.pick(['latency', 'balanced', 'reliability'])).weights,
    shares: Float64Array.from([0, 1, 2], unit),
    nowMs: NOW_MS,
    draw: unit(),
    share,
    heldBackMs: heldBackMs(share, view.service.routing.rampMs),
    set: view.split === undefined ? NO_SET : setOfDraw(view.split, unit()),
    mayProbe: dice.onceIn(2),
    allowed: dice.onceIn(3) ? Uint8Array.from(view.rows, () => (dice.onceIn(3) ? 0 : 1)) : undefined,
    tried: dice.onceIn(3) ? Array.from({ length: dice.between(1, 3) }, () => dice.below(ENDPOINTS)) : [],
  });
}

describe.each(Object.keys(SERVICES) as (keyof typeof SERVICES)[])('%s', (name) => {
  test('a scan comes to what the rule says of each endpoint, whatever the table and the question are', () => {
    const stage = STAGES[name];
    const { view, live } = stage;
    const seen = new Set<number>();
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 50, 90, 100), (seed, calm) => {
        const dice = new Dice(seed, calm);
        shake(stage, dice, calm);
        const ask = question(stage, dice);
        const expected = choiceByRule(view, live, ask);
        // What is left of the last decision must not matter.
        view.groups.fill(dice.below(3000));
        view.loads.fill(Number.NaN);
        view.down.fill(dice.below(2));
        expect(select(view, live, ask)).toBe(expected.chosen);
        expect([...view.loads]).toEqual(expected.loads);
        expect(expected.groups.map((_, i) => groupAt(view, i, live, ask))).toEqual(expected.groups);
        seen.add(expected.chosen);
      }),
      { numRuns: 2000 },
    );
    // The dice were thrown widely enough.
    expect([...seen].sort((a, b) => a - b)).toEqual([NOBODY, ...Array.from(view.rows.keys())]);
  });
});
