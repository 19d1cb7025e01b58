import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOBODY, select } from '../../../src/routing/select.ts';
import { setOfDraw } from '../../../src/routing/split.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { Dice } from '../../fuzz/dice.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

/**
 * Chosen shares against a model that adds them up exactly. All endpoints tie by score (one band, no diversity), so that what is left is the order of
 * standings, sets, tiers and weights, and among equals their capacity.
 */
const DECISIONS = 100_000;
const CLOUDS = ['aws', 'gcp', 'azure'] as const;
const REGIONS = { aws: 'us-east-1', gcp: 'europe-west1', azure: 'japaneast' } as const;

type One = {
  readonly cloud: (typeof CLOUDS)[number];
  readonly weight: number;
  readonly tier: number;
  readonly set: string;
  readonly capacity: number;
  readonly is: 'ready' | 'drained' | 'full' | 'unhealthy' | 'degraded';
};
type Mix = {
  readonly endpoints: readonly One[];
  readonly cloudWeights: Readonly<Record<One['cloud'], number>>;
  readonly split: Readonly<Record<string, number>> | undefined;
};

const weight = fc.constantFrom(1, 1, 0.5, 0.2, 0.05, 0);
const one: fc.Arbitrary<One> = fc.record({
  cloud: fc.constantFrom(...CLOUDS),
  weight,
  tier: fc.constantFrom(1, 1, 2, 3),
  set: fc.constantFrom('stable', 'canary'),
  capacity: fc.constantFrom(50, 100, 300),
  is: fc.constantFrom('ready', 'ready', 'ready', 'drained', 'full', 'unhealthy', 'degraded'),
});
const mix: fc.Arbitrary<Mix> = fc
  .record({
    endpoints: fc.array(one, { minLength: 2, maxLength: 9 }),
    cloudWeights: fc.record({ aws: weight, gcp: weight, azure: weight }),
    parts: fc.option(fc.constantFrom([95, 5], [50, 50], [0, 1])),
  })
  .map(({ endpoints, cloudWeights, parts }) => {
    // The file must be a good one: tiers without gaps, no set without endpoints, and something for somebody.
    const used = [...new Set(endpoints.map(({ tier }) => tier))].sort((a, b) => a - b);
    const first = { ...endpoints[0], weight: 1, set: 'stable' } as One;
    const second = { ...endpoints[1], set: 'canary' } as One;
    const good = [first, second, ...endpoints.slice(2)];
    const tiers = good.map((item) => ({ ...item, tier: used.indexOf(item.tier) + 1 }));
    return {
      endpoints: tiers,
      cloudWeights: { ...cloudWeights, [first.cloud]: 1 },
      split: parts === null ? undefined : { stable: parts[0], canary: parts[1] },
    };
  });

function stageWith({ endpoints, cloudWeights, split }: Mix): Stage {
  const lines = endpoints.map(
    ({ cloud, weight: share, tier, set, capacity }, i) =>
      `      - { cloud: ${cloud}, region: ${REGIONS[cloud]}, url: "http://10.0.0.${i + 1}", weight: ${share}, tier: ${tier}, capacity: ${capacity}${split === undefined ? '' : `, set: ${set}`} }`,
  );
  const stage = stageOf(
    topologyOf(`version: 1
edge: { region: aws/us-east-1 }
services:
  shop:
    routing:
      band: 1
      default_priority: flat
      priorities: { flat: { latency: 1, capacity: 0, health: 0, diversity: 0 } }
      cloud_weights: ${JSON.stringify(cloudWeights)}
${split === undefined ? '' : `    split: ${JSON.stringify(split)}`}
    endpoints:
${lines.join('\n')}
`),
  );
  const { live } = stage.table;
  for (const [i, { is, capacity }] of endpoints.entries()) {
    const row = stage.view.rows[i] as number;
    if (is === 'drained') live.drained[row] = 1;
    if (is === 'full') live.inFlight[row] = 3 * capacity;
    if (is === 'unhealthy') live.state[row] = HEALTH_STATE.unhealthy;
    if (is === 'degraded') live.state[row] = HEALTH_STATE.degraded;
  }
  return stage;
}

/** The order of standings, as far as this test has them. */
const STANDING = { ready: 0, full: 1, degraded: 2, unhealthy: 3, drained: Number.POSITIVE_INFINITY } as const;

/** What each endpoint should get: every set with its part, every stretch of the share's draw with its length. */
function modelOf({ endpoints, cloudWeights, split }: Mix): number[] {
  const shares = endpoints.map(() => 0);
  const weights = endpoints.map((item) => item.weight * cloudWeights[item.cloud]);
  const cuts = [...new Set([0, 1, ...weights])].sort((a, b) => a - b);
  const parts = split === undefined ? [['', 1] as const] : Object.entries(split);
  const all = parts.reduce((sum, [, part]) => sum + part, 0);
  for (const [set, part] of parts) {
    for (let cut = 1; cut < cuts.length; cut += 1) {
      const [from, to] = [cuts[cut - 1] as number, cuts[cut] as number];
      const ranks = endpoints.map((item, i) => {
        const standing = STANDING[item.is];
        const isPanic = item.is === 'unhealthy';
        const other = !isPanic && split !== undefined && item.set !== set ? 1 : 0;
        const held = (weights[i] as number) <= from ? 1 : 0;
        return standing * 1000 + other * 100 + (isPanic ? 0 : item.tier) * 10 + held;
      });
      const best = Math.min(...ranks);
      if (best === Number.POSITIVE_INFINITY) continue;
      const chosen = endpoints.flatMap((_, i) => (ranks[i] === best ? [i] : []));
      const capacity = chosen.reduce((sum, i) => sum + (endpoints[i] as One).capacity, 0);
      for (const i of chosen) {
        shares[i] = (shares[i] as number) + ((part / all) * (to - from) * (endpoints[i] as One).capacity) / capacity;
      }
    }
  }
  return shares;
}

test('weights, splits and tiers: within 1 % of what was asked, with any mix of drained, full and unhealthy endpoints', () => {
  fc.assert(
    fc.property(mix, fc.nat(), (given, seed) => {
      const { view, live } = stageWith(given);
      const ask = askOf(view, 10);
      const dice = new Dice(seed, 0);
      const draw = () => dice.below(2 ** 30) / 2 ** 30;
      const counts = given.endpoints.map(() => 0);
      for (let i = 0; i < DECISIONS; i += 1) {
        ask.draw = draw();
        ask.share = draw();
        if (view.split !== undefined) ask.set = setOfDraw(view.split, draw());
        const chosen = select(view, live, ask);
        if (chosen !== NOBODY) counts[chosen] = (counts[chosen] as number) + 1;
      }
      for (const [i, expected] of modelOf(given).entries()) {
        expect(Math.abs((counts[i] as number) / DECISIONS - expected), `endpoint ${i}: ${counts[i]}`).toBeLessThan(
          0.01,
        );
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
