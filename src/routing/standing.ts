import { HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Ask, Live } from './ask.ts';
import { capacityOf, inFlightOf } from './load.ts';
import type { ServiceView } from './view.ts';

/**
 * Where an endpoint stands for one request. Standings fall into tiers, and the first tier that has anyone is chosen
 * from: discovery's healthy → degraded → error, with what a proxy has to add: unknown at boot, a returning endpoint that
 * is kept out of most draws, a full one, and panic, in which an endpoint that seems dead is better than no answer.
 */
export const STANDINGS = [
  { name: 'ready', tier: 0 },
  { name: 'ramping', tier: 1 },
  { name: 'unknown', tier: 2 },
  { name: 'degraded', tier: 3 },
  { name: 'full', tier: 4 },
  { name: 'probing', tier: 5 },
  { name: 'low-health', tier: 5 },
  { name: 'unhealthy', tier: 5 },
  { name: 'breaker-open', tier: 5 },
  { name: 'cloud-breaker-open', tier: 5 },
  { name: 'tried', tier: 6 },
  { name: 'drained', tier: 6 },
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

/** From this tier on a request is sent in panic: nothing better is left. */
export const PANIC_TIER = 5;
/** Endpoints of this tier are never sent to. */
export const NEVER_TIER = 6;

/** The position in `STANDINGS` of endpoint `i` of `view` for the request of `ask`. */
export function standingOf(view: ServiceView, i: number, live: Live, ask: Ask): number {
  const { columns } = live;
  const row = view.rows[i] as number;
  if (columns.drained[row] === 1) return DRAINED;
  if (ask.tried.length > 0 && ask.tried.includes(i)) return TRIED;
  const barred = breakerStanding(view, i, live, ask);
  if (barred !== READY) return barred;
  const state = columns.state[row] as number;
  if (state === HEALTH_STATE.unhealthy) return UNHEALTHY;
  if ((columns.health[row] as number) < view.service.routing.healthFloor) return LOW_HEALTH;
  if (inFlightOf(columns, row) >= capacityOf(view, i, columns)) return FULL;
  if (state === HEALTH_STATE.degraded) return DEGRADED;
  if (state === HEALTH_STATE.unknown) return UNKNOWN;
  const backSinceMs = columns.rampFromMs[row] as number;
  return backSinceMs >= 0 && ask.nowMs - backSinceMs < ask.heldBackMs ? RAMPING : READY;
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
  return ask.mayProbe ? READY : PROBING;
}
