import type { Topology } from '../../src/config/topology.ts';
import type { RequestHead } from '../../src/edge/message/request-head.ts';
import { Attempter } from '../../src/edge/request/attempter.ts';
import type { Attempt, Exchange } from '../../src/edge/request/exchange.ts';
import { limitCells } from '../../src/edge/request/limit-cells.ts';
import type { PathDeps } from '../../src/edge/request/path-deps.ts';
import { Pipeline } from '../../src/edge/request/pipeline.ts';
import { Recorder } from '../../src/edge/request/recorder.ts';
import { type World, worldOf } from '../../src/edge/request/world.ts';
import type { Whereabouts } from '../../src/geo/locate.ts';
import { Admission } from '../../src/resilience/admission.ts';
import { type Fault, isFault } from '../../src/resilience/fault.ts';
import type { AccessRecord } from '../../src/table/access-record.ts';
import { countCell, SERVICE_CELLS, type ServiceCount } from '../../src/table/service-cells.ts';
import { OUTCOMES, type Outcome, TOTALS, type Total, unplacedRow } from '../../src/table/worker-block.ts';
import { headOf } from './request.ts';
import { type Stage, stageOf } from './stage.ts';
import { threeClouds } from './topology.ts';

/** Virginia, where the edge of `threeClouds` stands too: aws is near, gcp far, azure farther. */
export const VIRGINIA: Whereabouts = {
  key: 'p:US:39,-77.5',
  points: [{ latitude: 39, longitude: -77.5, country: 'US', weight: 1 }],
  country: 'US',
  precision: 'city',
};

/** A request path without an engine, whose time stands still until the test moves it. */
export type Path = {
  readonly stage: Stage;
  readonly deps: PathDeps;
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly recorder: Recorder;
  readonly attempter: Attempter;
  readonly now: { ms: number };
  /** Failovers as `from > to: reason`, panics by service, and what the access log was told. */
  readonly failovers: string[];
  readonly panics: string[];
  readonly log: AccessRecord[];
  readonly total: (name: Total) => number;
  /** What was counted for the first service. */
  readonly service: (name: ServiceCount) => number;
  /** The request in flight, by cloud. */
  readonly inFlight: () => number[];
};

export function pathOf(topology: Topology = threeClouds()): Path {
  const stage = stageOf(topology);
  const now = { ms: 1000 };
  const clock = { nowMs: () => now.ms };
  const world = worldOf(topology, { placement: stage.placement, nowMs: now.ms }, undefined);
  const block = stage.blocks[0] as PathDeps['block'];
  const [failovers, panics, log]: [string[], string[], Path['log']] = [[], [], []];
  const deps: PathDeps = {
    world: () => world,
    locate: () => VIRGINIA,
    geo: () => VIRGINIA,
    live: stage.live,
    admission: new Admission(stage.table, block, clock, () => {}),
    block,
    unplacedRow: unplacedRow(stage.table.shared.limits),
    limits: limitCells(stage.table, block, () => 0),
    clock,
    random: () => 0,
    failedOver: (from, to, reason) => failovers.push(`${from.cloud} > ${to.cloud}: ${reason}`),
    panicked: (service) => panics.push(service),
    accessLog: (record) => log.push(record),
  };
  const recorder = new Recorder(deps);
  const attempter = new Attempter(deps);
  return {
    stage,
    deps,
    world,
    recorder,
    attempter,
    pipeline: new Pipeline(deps, attempter, recorder),
    now,
    failovers,
    panics,
    log,
    total: (name) => block.totals[TOTALS.indexOf(name)] as number,
    service: (name) => block.services[stage.view.slot * SERVICE_CELLS + countCell(name)] as number,
    inFlight: () => [...stage.table.live.inFlight.subarray(0, stage.view.rows.length)],
  };
}

/** An identified request that has its first attempt. */
export function begun(path: Path, head: Partial<RequestHead> = {}): { exchange: Exchange; attempt: Attempt } {
  const exchange = path.pipeline.identify(headOf(head));
  if ('answer' in exchange) throw new Error('redirected');
  if (isFault(exchange)) throw new Error(`refused: ${exchange.cause}`);
  const attempt = path.pipeline.start(exchange);
  if (isFault(attempt)) throw new Error(`not started: ${attempt.cause}`);
  return { exchange, attempt };
}

/** The attempt that a phase has come to; throws where that is none. */
export function attemptOf(next: Attempt | Fault | undefined): Attempt {
  if (next === undefined || isFault(next)) throw new Error(`no attempt: ${JSON.stringify(next)}`);
  return next;
}

/** Outcomes counted for a row, as `{ success: 1 }`. */
export function outcomes({ deps: { block } }: Path, row: number): Partial<Record<Outcome, number>> {
  const first = row * OUTCOMES.length;
  const counted = OUTCOMES.map((outcome, i) => [outcome, block.outcomes[first + i] as number] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

/** Clients' requests that have been counted. */
export function requests({ deps: { block } }: Path): { readonly success: number; readonly error: number } {
  const sum = (cells: Float64Array): number => cells.reduce((all, count) => all + count, 0);
  return { success: sum(block.requestsSuccess), error: sum(block.requestsError) };
}

export const refused: Fault = { kind: 'connect-refused', sent: 'nothing', cause: 'ECONNREFUSED' };
export const reset: Fault = { kind: 'reset', sent: 'some', cause: 'ECONNRESET' };
