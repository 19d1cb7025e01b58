import type { Select, Weights } from '../config/topology.ts';
import type { Cloud } from '../config/topology-cloud.ts';
import type { Ask, Live } from './ask.ts';
import { isAssigned, shareOf } from './assigned.ts';
import { capacityFactor, diversityFactor } from './factors.ts';
import { declaredCapacityOf, healthOf, writeLoad } from './load.ts';
import { groupAt } from './scan.ts';
import { boundMs, isPanic, isTied, NOBODY, scoreOf, select } from './select.ts';
import { STANDINGS, type StandingName, standingOf } from './standing.ts';
import type { ServiceView } from './view.ts';
import { isHeldBack } from './weights.ts';

/** One endpoint's part in a decision. Factors and score are 0 to 1, and below 0 where it has more than it is built for. */
export type Candidate = {
  readonly endpoint: string;
  readonly cloud: Cloud;
  readonly region: string;
  readonly rttMs: number;
  /** From this edge. */
  readonly inFlight: number;
  /** From all other edges of the fleet, on average over ten seconds, when they were last heard of. */
  readonly fleetInFlight: number;
  /** What it is built for: as an operator says, or else the file. */
  readonly capacity: number;
  readonly capacityInFile: number;
  /** What is taken for its capacity, over that: learned from how long requests wait there. */
  readonly capacityFit: number;
  /** How many requests it gets from this edge at a time, as was learned; left out: any number. */
  readonly inFlightMax?: number;
  /** What it reports of its own load, 1 being all that it can do; left out where that does not count, or it reports nothing. */
  readonly reportedLoad?: number;
  /** Share of requests that an operator leaves it, above 0 and up to 1. */
  readonly weight: number;
  /** The same by the file, its cloud's included; and its tier there, from 1 on, and its set. */
  readonly weightInFile: number;
  readonly tier: number;
  readonly set: string | undefined;
  /** Whether the weight puts it behind its equals for this request. */
  readonly heldBack: boolean;
  /** Share of requests like this one that is assigned to it, 0 to 1; 0 without `select: optimal`. */
  readonly assignedShare: number;
  readonly factors: Weights;
  readonly score: number;
  /** `ready`, or why it was put after others or left out. */
  readonly standing: StandingName;
  readonly chosen: boolean;
  /** Whether it might as well have been chosen: by another draw, or by the next request. */
  readonly tied: boolean;
};

export type Explanation = {
  readonly service: string;
  readonly weights: Weights;
  readonly select: Select;
  /** Whether this request goes by what was assigned; with `select: optimal` only, see `isAssigned`. */
  readonly assigned: boolean;
  readonly band: number;
  /** How far an endpoint may be for the sake of loads that are alike, and of clouds, in ms (`detour.ts`); left out where nothing bounds that. */
  readonly boundMs?: number;
  readonly chosen: string | undefined;
  readonly panic: boolean;
  /** Whether so little is healthy that health does not count (`panic_below`). */
  readonly disregardsHealth: boolean;
  /** Best first: in the order in which the request would be sent to them if each in turn failed. */
  readonly candidates: readonly Candidate[];
};

/**
 * Every endpoint of a service with its factors, standing and score, and the choice, for one request. It calls the very
 * functions that the request path calls, on the same columns, so what it says is what happens.
 */
export function explain(view: ServiceView, live: Live, ask: Ask): Explanation {
  const chosen = select(view, live, ask);
  const panic = chosen !== NOBODY && isPanic(view, chosen);
  const assigned = chosen !== NOBODY && isAssigned(view, view.groups[chosen] as number, live, ask);
  // All are read off the decision, before anything else writes into its scratch.
  const tied = view.service.endpoints.map((_, i) => chosen !== NOBODY && isTied(view, i, { chosen, live, ask }));
  const groups = view.service.endpoints.map((_, i) => groupAt(view, i, live, ask));
  const scores = view.service.endpoints.map((_, i) => scoreOf(view, i, live, ask));
  const bound = chosen === NOBODY ? Number.POSITIVE_INFINITY : boundMs(view, live, ask);
  const { band } = view.service.routing;
  const order = scores
    .map((_, i) => i)
    .sort((a, b) => {
      if (a === chosen || b === chosen) return a === chosen ? -1 : 1;
      return (groups[a] as number) - (groups[b] as number) || (scores[b] as number) - (scores[a] as number);
    });
  return {
    service: view.service.name,
    weights: ask.weights,
    select: view.service.routing.select,
    assigned,
    band,
    ...(bound === Number.POSITIVE_INFINITY ? {} : { boundMs: bound }),
    chosen: view.service.endpoints[chosen]?.id,
    panic,
    disregardsHealth: ask.disregards,
    candidates: order.map((i) => ({
      ...candidate(view, i, live, ask),
      score: scores[i] as number,
      chosen: i === chosen,
      tied: tied[i] as boolean,
    })),
  };
}

function candidate(view: ServiceView, i: number, live: Live, ask: Ask) {
  const endpoint = view.service.endpoints[i] as ServiceView['service']['endpoints'][number];
  const row = view.rows[i] as number;
  writeLoad(view, i, live.columns);
  const cloud = view.clouds[i] as number;
  const reported = live.columns.reportedLoad[row] as number;
  return {
    endpoint: endpoint.id,
    cloud: endpoint.cloud,
    region: endpoint.region,
    rttMs: ask.latency.ms[i] as number,
    inFlight: live.columns.inFlight[row] as number,
    fleetInFlight: live.columns.fleetInFlight[row] as number,
    capacity: declaredCapacityOf(view, i, live.columns),
    capacityFit: live.columns.capacityFit[row] as number,
    capacityInFile: endpoint.capacity,
    ...(view.brake?.learns === true ? { inFlightMax: live.columns.inFlightMax[row] as number } : {}),
    ...(view.reports && reported > 0 ? { reportedLoad: reported } : {}),
    weight: live.columns.weight[row] as number,
    weightInFile: view.weights[i] as number,
    tier: endpoint.tier,
    set: endpoint.set,
    heldBack: isHeldBack(view, i, live.columns, ask),
    assignedShare: shareOf(view, i, live.columns, ask),
    factors: {
      latency: ask.latency.factors[i] as number,
      capacity: capacityFactor(view.loads[i] as number, 1),
      health: healthOf(view, i, live.columns),
      diversity: diversityFactor(ask.shares[cloud] as number),
    },
    standing: (STANDINGS[standingOf(view, i, live, ask)] as (typeof STANDINGS)[number]).name,
  };
}
