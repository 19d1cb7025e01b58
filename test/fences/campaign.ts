import { loadUndici } from '../../src/degraded/undici.ts';
import { Ladders } from '../../src/edge/ladder/ladders.ts';
import type { RequestHead } from '../../src/edge/message/request-head.ts';
import { Attempter } from '../../src/edge/request/attempter.ts';
import { limitCells } from '../../src/edge/request/limit-cells.ts';
import type { PathDeps } from '../../src/edge/request/path-deps.ts';
import { Pipeline } from '../../src/edge/request/pipeline.ts';
import { Recorder } from '../../src/edge/request/recorder.ts';
import { type World, worldOf } from '../../src/edge/request/world.ts';
import type { Whereabouts } from '../../src/geo/locate.ts';
import { Admission } from '../../src/resilience/admission.ts';
import { liveOf } from '../../src/routing/ask.ts';
import { EndpointTable, HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../src/table/placement.ts';
import { unplacedRow, workerBlock, workerBlockBytes } from '../../src/table/worker-block.ts';
import { Dice } from '../fuzz/dice.ts';
import { headOf } from '../support/request.ts';
import type { ClientSpec } from './judge.ts';
import { play } from './request.ts';
import { CLIENTS, type Scenery, sceneryOf } from './scenery.ts';

await loadUndici();

/** Requests of one run share a table, a cache and a clock; after so many the next run begins with nothing. */
const RUN_REQUESTS = 500;
const LIMITS = { rows: 64, services: 8, workers: 1 };

/** What is left out of the product on purpose, to see that the judge sees it. */
export type Blindness = 'none' | 'masks' | 'copies';

/** One edge thread without sockets, whose file changes, endpoints fail and clocks go as the dice say. */
export type Edge = {
  readonly dice: Dice;
  readonly pipeline: Pipeline;
  readonly ladders: Ladders;
  readonly now: { ms: number };
  readonly blind: Blindness;
  readonly table: EndpointTable;
  readonly scenery: () => Scenery;
  readonly rows: () => Placement['rows'];
  readonly reload: () => void;
  readonly disturb: () => void;
  readonly head: (client: ClientSpec) => RequestHead;
};

export type Figures = {
  requests: number;
  attempts: number;
  copies: number;
  fallbacks: number;
  panics: number;
  refusals: number;
  reloads: number;
  redirects: number;
};
export type Outcome = { readonly leaks: readonly string[]; readonly figures: Figures };

/** Plays `cases` requests from a seed; a leak is told with the run and the request that brought it about. */
export function campaign(seed: number, cases: number, blind: Blindness = 'none'): Outcome {
  const leaks: string[] = [];
  const figures: Figures = {
    requests: 0,
    attempts: 0,
    copies: 0,
    fallbacks: 0,
    panics: 0,
    refusals: 0,
    reloads: 0,
    redirects: 0,
  };
  for (let nth = 0; figures.requests < cases; nth += 1) {
    const edge = edgeOf(new Dice(seed, nth), blind, figures);
    for (let i = 0; i < RUN_REQUESTS && figures.requests < cases; i += 1) {
      if (edge.dice.onceIn(100)) edge.reload();
      while (edge.dice.onceIn(2)) edge.disturb();
      edge.now.ms += edge.dice.below(200);
      figures.requests += 1;
      for (const leak of play(edge, figures)) leaks.push(`seed ${seed} run ${nth} request ${i}: ${leak}`);
    }
    void edge.ladders.close();
  }
  return { leaks, figures };
}

function edgeOf(dice: Dice, blind: Blindness, figures: Figures): Edge {
  const table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  const now = { ms: 1000 };
  const clock = { nowMs: () => now.ms };
  const block = workerBlock(table.shared, 0);
  const here: { scenery: Scenery; placement: Placement; world: World } = {
    scenery: sceneryOf(dice),
    placement: NO_PLACEMENT,
    world: undefined as unknown as World,
  };
  const take = (scenery: Scenery): void => {
    const { placement, freshRows } = place(scenery.topology, here.placement, NOT_BUSY, LIMITS);
    for (const row of freshRows) table.resetRow(row);
    Object.assign(here, { scenery, placement });
    here.world = worldOf(blinded(scenery, blind), { placement, nowMs: now.ms }, here.world);
  };
  take(here.scenery);
  const ladderDeps = { threads: 1, wallMs: () => now.ms, storeFailed: () => {} };
  const ladders = new Ladders(ladderDeps, here.scenery.topology);
  const deps: PathDeps = {
    world: () => here.world,
    locate: whereaboutsOf,
    geo: () => CLIENTS,
    live: liveOf(table),
    admission: new Admission(table, block, clock, () => {}),
    block,
    unplacedRow: unplacedRow(LIMITS),
    limits: limitCells(table, block, () => 0),
    clock,
    random: () => dice.below(2 ** 20) / 2 ** 20,
    failedOver: () => {},
    panicked: () => {
      figures.panics += 1;
    },
    accessLog: undefined,
  };
  return {
    dice,
    pipeline: new Pipeline(deps, new Attempter(deps), new Recorder(deps)),
    ladders,
    now,
    blind,
    table,
    scenery: () => here.scenery,
    rows: () => here.placement.rows,
    reload: () => {
      take(sceneryOf(dice));
      ladders.keepOnly(here.scenery.topology);
      figures.reloads += 1;
    },
    disturb: () => disturb(table, dice.pick(Object.values(here.placement.rows)), dice),
    head: ({ address }) =>
      headOf({
        method: dice.pick(['GET', 'GET', 'GET', 'HEAD', 'PUT', 'POST']),
        target: `/${dice.below(4)}`,
        peerAddress: address,
      }),
  };
}

/** The same file without its fences, for a product that is to be caught. */
function blinded({ topology }: Scenery, blind: Blindness): Scenery['topology'] {
  if (blind !== 'masks') return topology;
  return { ...topology, services: topology.services.map((service) => ({ ...service, fences: [] })) };
}

function whereaboutsOf(address: string): Whereabouts {
  const country = CLIENTS.find((client) => client.address === address)?.country ?? '';
  const points = [{ latitude: 39, longitude: -77.5, country, weight: 1 }];
  // Whom the database does not know is taken to be where the edge stands.
  if (country === '') return { key: 'edge', points, country: 'US', precision: 'edge' };
  return { key: country, points, country, precision: 'country' };
}

/** Something happens to an endpoint. */
function disturb({ live }: EndpointTable, row: number, dice: Dice): void {
  switch (dice.below(7)) {
    case 0:
      live.drained[row] = dice.below(2);
      break;
    case 1:
      live.state[row] = dice.pick([...Object.values(HEALTH_STATE), HEALTH_STATE.healthy, HEALTH_STATE.healthy]);
      break;
    case 2:
      live.checksGood[row] = dice.below(2);
      break;
    case 3:
      live.health[row] = dice.between(3, 10) / 10;
      break;
    case 4:
      live.inFlight[row] = dice.below(16);
      break;
    case 5:
      live.room[row] = dice.below(3) / 2;
      break;
    default:
      live.weight[row] = dice.pick([1, 0.5, 0.01]);
  }
}
