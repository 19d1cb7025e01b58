import { withdrawnShare } from '../resilience/withdrawal.ts';
import { HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Ask, Live } from './ask.ts';
import { writeLoad } from './load.ts';
import type { ServiceView } from './view.ts';

/**
 * Where an endpoint stands for one request. Standings fall into tiers, and the first tier that has anyone is chosen
 * from: discovery's healthy → degraded → error, with what a proxy has to add: a service that starts, of which nobody knows
 * more than of the others; an endpoint that came later and was not checked yet; a returning one that is kept out of most
 * draws; one with several times what it is built for; a degraded one; and panic, in which an endpoint that seems dead is better than no answer, and one whose checks pass is
 * better than one whose do not.
 */
export const STANDINGS = [
  { name: 'ready', tier: 0 },
  { name: 'ramping', tier: 1 },
  { name: 'unknown', tier: 2 },
  { name: 'degraded', tier: 4 },
  { name: 'full', tier: 3 },
  { name: 'probing', tier: 5 },
  { name: 'low-health', tier: 5 },
  { name: 'unhealthy', tier: 6 },
  { name: 'breaker-open', tier: 5 },
  { name: 'cloud-breaker-open', tier: 5 },
  { name: 'tried', tier: 7 },
  { name: 'drained', tier: 7 },
  { name: 'starting', tier: 0 },
  { name: 'failing', tier: 5 },
  { name: 'slow', tier: 4 },
  { name: 'fenced', tier: 7 },
  { name: 'resting', tier: 3 },
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
const RESTING = 16;

/** From this tier on a request is sent in panic: nothing better is left. */
export const PANIC_TIER = 5;
/** Endpoints of this tier are never sent to. */
export const NEVER_TIER = 7;

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
  if (state === HEALTH_STATE.degraded && isWithdrawn(view, row, columns, ask)) return DEGRADED;
  if (columns.tooSlow[row] === 1) return SLOW;
  if ((columns.restUntilMs[row] as number) > ask.nowMs) return RESTING;
  if (ask.share >= (columns.room[row] as number)) return FULL;
  if ((view.loads[i] as number) >= FULL_AT) return FULL;
  if (state === HEALTH_STATE.unknown) return UNKNOWN;
  const backSinceMs = columns.rampFromMs[row] as number;
  return backSinceMs >= 0 && ask.nowMs - backSinceMs < ask.heldBackMs ? RAMPING : READY;
}

/** Whether this request is among those that a degraded endpoint does not get; by the same draw as the ramp and the weights. */
function isWithdrawn(view: ServiceView, row: number, columns: Live['columns'], ask: Ask): boolean {
  return ask.share >= 1 - withdrawnShare(columns.errorRate[row] as number, view.service.health);
}

function breakerStanding(view: ServiceView, i: number, live: Live, ask: Ask): number {
  const { endpointCells, cloudCells } = live;
  const row = view.rows[i] as number;
  const cloudBreaker = view.cloudBreakers[view.clouds[i] as number] as number;
  if (cloudCells.isClosed(cloudBreaker) && endpointCells.isClosed(row)) return READY;
  const policy = view.service.breakers;
  const cloud = cloudCells.wouldAdmit(cloudBreaker, ask.nowMs, policy);
  if (cloud === 'no') return CLOUD_BREAKER_OPEN;
  const endpoint = endpointCells.wouldAdmit(row, ask.nowMs, policy);
  if (endpoint === 'no') return BREAKER_OPEN;
  // What may not be sent twice is no first probe: somebody else must have found out something good before.
  return ask.mayProbe || (cloud !== 'probe' && endpoint !== 'probe') ? READY : PROBING;
}
