import type { Setting } from './configuration.ts';
import type { LayoutName } from './layouts.ts';
import { PEERS } from './peers.ts';
import type { Who } from './run.ts';
import type { Times } from './scenario.ts';
import { PLANS } from './scenarios.ts';
import type { Line } from './table.ts';
import type { Job, Result } from './worker.ts';

/** What is to be run. */
export type Choice = {
  readonly scenarios: readonly string[];
  readonly seeds: readonly number[];
  readonly fleets: readonly boolean[];
  /** Requests a second in the busiest hour. */
  readonly rates: readonly number[];
  /** Undefined: 9 at rates below `LARGE_RATE`, 18 from there on. */
  readonly endpoints: 9 | 18 | undefined;
  readonly layout: LayoutName;
  readonly only: string | undefined;
  readonly queue: number;
  readonly declared: number;
  readonly setting: Omit<Setting, 'fleet'>;
};

/** From this rate on a world has more endpoints, less time, and no peers: they would take as long as the product. */
const LARGE_RATE = 10_000;

const TIMES: Times = {
  warmMs: 15_000,
  baseMs: 10_000,
  faultMs: 30_000,
  afterMs: 40_000,
  steadyMs: 30_000,
  hourMs: 4000,
};
const LARGE_TIMES: Times = {
  warmMs: 15_000,
  baseMs: 5000,
  faultMs: 12_000,
  afterMs: 36_000,
  steadyMs: 20_000,
  hourMs: 4000,
};

/** All runs of a choice, those of the oracle too: everybody is held against it. */
export function jobsOf(choice: Choice): readonly Job[] {
  return choice.seeds.flatMap((seed) =>
    choice.rates.flatMap((peakRate) => {
      const large = peakRate >= LARGE_RATE;
      const endpoints = choice.endpoints ?? (large ? 18 : 9);
      const { layout, queue, declared } = choice;
      const spec = { seed, layout, endpoints, queue, declared, peakRate };
      const world = { spec, times: large ? LARGE_TIMES : TIMES };
      return choice.scenarios.flatMap((scenario) =>
        partiesOf(choice, scenario, large).map(
          ({ who, fleet }): Job => ({ scenario, who, world, setting: { ...choice.setting, fleet } }),
        ),
      );
    }),
  );
}

/** Results as lines of a table, the seeds of one line together, in the order of the scenarios. */
export function linesOf(results: readonly Result[]): readonly Line[] {
  const keyed = Map.groupBy(results, (result) => JSON.stringify([sceneOf(result), nameOf(result)]));
  const oracles = new Map(
    results.filter(({ job }) => job.who === 'oracle').map((one) => [sceneOf(one) + seedOf(one), one]),
  );
  const lines = [...keyed.values()].map((several) => {
    const those = several.toSorted((a, b) => seedOf(a) - seedOf(b));
    const [{ job }] = those as [Result, ...Result[]];
    return {
      scenario: job.scenario,
      who: nameOf({ job }),
      rate: job.world.spec.peakRate,
      endpoints: job.world.spec.endpoints,
      summaries: those.map(({ summary }) => summary),
      oracles: those.flatMap((one) => oracles.get(sceneOf(one) + seedOf(one))?.summary ?? []),
    };
  });
  return lines.toSorted((a, b) => a.rate - b.rate || placeOf(a) - placeOf(b));
}

function partiesOf(
  { fleets, only }: Choice,
  scenario: string,
  large: boolean,
): readonly { who: Who; fleet: boolean }[] {
  // An edge that is alone in the world has no fleet.
  const alone = PLANS.find(({ name }) => name === scenario)?.edges === 1;
  const products = (alone ? [false] : fleets).map((fleet) => ({ who: 'product' as const, fleet }));
  const peers = PEERS.map((who) => ({ who, fleet: false }));
  return [
    { who: 'oracle', fleet: false },
    ...(only === 'peers' ? [] : products),
    ...(only === 'product' || (large && only !== 'peers') ? [] : peers),
  ];
}

const NAMES: readonly string[] = ['oracle', 'Meridian', 'Meridian, fleet', ...PEERS];

function placeOf({ scenario, who }: Pick<Line, 'scenario' | 'who'>): number {
  return PLANS.findIndex(({ name }) => name === scenario) * NAMES.length + NAMES.indexOf(who);
}

function nameOf({ job: { who, setting } }: Pick<Result, 'job'>): string {
  if (who !== 'product') return who;
  return setting.fleet ? 'Meridian, fleet' : 'Meridian';
}

function sceneOf({ job: { scenario, world } }: Result): string {
  return `${scenario} ${world.spec.peakRate} ${world.spec.endpoints} `;
}

function seedOf({ job }: Result): number {
  return job.world.spec.seed;
}
