import type { HealthPolicy } from '../config/topology-policy.ts';
import type { AdmissionTarget } from '../resilience/admission.ts';
import { withdrawnShare } from '../resilience/withdrawal.ts';
import { HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Ask, Live } from './ask.ts';
import { writeLoad } from './load.ts';
import { isOverflow } from './overflow.ts';
import type { ServiceView } from './view.ts';

/**
 * Where an endpoint stands for one request. Standings fall into tiers, and the first tier that has anyone is chosen
 * from: discovery's healthy → degraded → error, with what a proxy has to add: a service that starts, of which nobody knows
 * more than of the others; an endpoint that came later and was not checked yet, or from which nothing is heard; a returning one that is kept out of most
 * draws; one with several times what it is built for; a degraded one; and panic, in which an endpoint that seems dead is better than no answer, and one whose checks pass is
 * better than one whose do not.
 */
export const STANDINGS = [
  { name: 'ready', tier: 0 },
  { name: 'ramping', tier: 2 },
  { name: 'unknown', tier: 3 },
  { name: 'degraded', tier: 5 },
  { name: 'full', tier: 4 },
  { name: 'probing', tier: 6 },
  { name: 'low-health', tier: 6 },
  { name: 'unhealthy', tier: 7 },
  { name: 'breaker-open', tier: 6 },
  { name: 'cloud-breaker-open', tier: 6 },
  { name: 'tried', tier: 8 },
  { name: 'drained', tier: 8 },
  { name: 'starting', tier: 0 },
  { name: 'failing', tier: 6 },
  { name: 'slow', tier: 5 },
  { name: 'fenced', tier: 8 },
  { name: 'spilling', tier: 1 },
  { name: 'reserved', tier: 8 },
  { name: 'saturated', tier: 8 },
  { name: 'resting', tier: 4 },
  { name: 'silent', tier: 3 },
] as const;

export type StandingName = (typeof STANDINGS)[number]['name'];

const READY = 0;
const RAMPING = 1;
const UNKNOWN = 2;
const DEGRADED = 3;
const FULL = 4;
const PROBING = 5;
const LOW_HEALTH = 6;
const UNHEALTHY = 7;
const BREAKER_OPEN = 8;
const CLOUD_BREAKER_OPEN = 9;
const TRIED = 10;
const DRAINED = 11;
const STARTING = 12;
const FAILING = 13;
const SLOW = 14;
const FENCED = 15;
const SPILLING = 16;
const RESERVED = 17;
const SATURATED = 18;
const RESTING = 19;
const SILENT = 20;

/** From this tier on a request is sent in panic: nothing better is left. */
export const PANIC_TIER = 6;
/** Endpoints of this tier are never sent to. */
export const NEVER_TIER = 8;
/** From this tier on they are full, or worse. */
export const FULL_TIER = 4;
/** Endpoints of this tier have as much as they are to have before others get their part. */
export const SPILLING_TIER = 1;

/**
 * An endpoint is full at so many times its capacity. Up to there its score says how much more it has than it is built for, and
 * that decides: a tier at the capacity itself turned all away at once, onto the next, and said nothing about how full one is.
 */
export const FULL_AT = 3;

/** The position in `STANDINGS` of endpoint `i` of `view` for the request of `ask`. Its load is in the scratch after it. */
export function standingOf(view: ServiceView, i: number, live: Live, ask: Ask): number {
  const { columns } = live;
  writeLoad(view, i, columns);
  const row = view.rows[i] as number;
  if (ask.allowed !== undefined && ask.allowed[i] === 0) return FENCED;
  if (columns.drained[row] === 1) return DRAINED;
  if (ask.tried.length > 0 && ask.tried.includes(i)) return TRIED;
  const { brake } = view;
  if (brake !== undefined) {
    if ((view.loads[i] as number) >= brake.shedAt) return SATURATED;
    if (brake.learns && (columns.inFlight[row] as number) >= (columns.inFlightMax[row] as number)) return SATURATED;
    if (isReserved(view, i, ask)) return RESERVED;
  }
  const state = columns.state[row] as number;
  const barred = breakerStanding(view, i, live, ask);
  if (state === HEALTH_STATE.unhealthy && columns.checksGood[row] === 0) return UNHEALTHY;
  if (barred !== READY) return barred;
  if (state === HEALTH_STATE.unhealthy) return FAILING;
  return soundStanding(view, i, live, ask);
}

/** The same for an endpoint that nothing bars. */
function soundStanding(view: ServiceView, i: number, { columns }: Live, ask: Ask): number {
  const row = view.rows[i] as number;
  const state = columns.state[row] as number;
  if (state === HEALTH_STATE.unknown && columns.starting[view.slot] === 1) return STARTING;
  if ((columns.health[row] as number) < view.service.routing.healthFloor) return LOW_HEALTH;
  if (state === HEALTH_STATE.degraded && isWithdrawn(view, i, columns, ask)) return DEGRADED;
  if (columns.tooSlow[row] === 1) return SLOW;
  if ((columns.restUntilMs[row] as number) > ask.nowMs) return RESTING;
  if (ask.share >= (columns.room[row] as number)) return FULL;
  if ((view.loads[i] as number) >= FULL_AT) return FULL;
  const unheard = unheardStanding(state, columns.silent[row] as number);
  if (unheard !== READY) return unheard;
  const backSinceMs = columns.rampFromMs[row] as number;
  if (backSinceMs >= 0 && ask.nowMs - backSinceMs < ask.heldBackMs) return RAMPING;
  return view.brake !== undefined && (view.loads[i] as number) >= view.brake.spillAt ? SPILLING : READY;
}

/** The same for one of which nobody has heard, ever or of late. */
function unheardStanding(state: number, silent: number): number {
  if (state === HEALTH_STATE.unknown) return UNKNOWN;
  return silent === 1 ? SILENT : READY;
}

/** Whether the rest of an endpoint is kept for requests of its own, of which this is none. */
function isReserved(view: ServiceView, i: number, ask: Ask): boolean {
  const overflow = view.brake?.overflow;
  if (overflow === undefined) return false;
  return (view.loads[i] as number) >= (overflow[i] as number) && isOverflow(view, i, ask);
}

/** Whether nothing is known against an endpoint: its checks, its breakers and its health. */
export function isSound(view: ServiceView, i: number, live: Live, ask: Ask): boolean {
  const { columns } = live;
  const row = view.rows[i] as number;
  if ((columns.state[row] as number) === HEALTH_STATE.unhealthy) return false;
  if (breakerStanding(view, i, live, ask) !== READY) return false;
  return columns.starting[view.slot] === 1 || (columns.health[row] as number) >= view.service.routing.healthFloor;
}

/** Whether this request is among those that a degraded endpoint does not get; by the same draw as the ramp and the weights. */
function isWithdrawn(view: ServiceView, i: number, columns: Live['columns'], ask: Ask): boolean {
  const rate = columns.errorRate[view.rows[i] as number] as number;
  return ask.share >= 1 - withdrawnShare(rate, view.checks[i] as HealthPolicy);
}

function breakerStanding(view: ServiceView, i: number, live: Live, ask: Ask): number {
  const { endpointCells, cloudCells } = live;
  const row = view.rows[i] as number;
  const { cloudBreaker, policy } = view.targets[i] as AdmissionTarget;
  if (cloudCells.isClosed(cloudBreaker) && endpointCells.isClosed(row)) return READY;
  const cloud = cloudCells.wouldAdmit(cloudBreaker, ask.nowMs, policy);
  if (cloud === 'no') return CLOUD_BREAKER_OPEN;
  const endpoint = endpointCells.wouldAdmit(row, ask.nowMs, policy);
  if (endpoint === 'no') return BREAKER_OPEN;
  // What may not be sent twice is no first probe: somebody else must have found out something good before.
  return ask.mayProbe || (cloud !== 'probe' && endpoint !== 'probe') ? READY : PROBING;
}
