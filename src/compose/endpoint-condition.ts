import type { Endpoint } from '../config/topology.ts';
import type { Cloud } from '../config/topology-cloud.ts';
import type { CheckReport, LastCheck } from '../health/check-report.ts';
import { isoOf } from '../observe/iso-time.ts';
import { cloudBreakers, endpointBreakers } from '../resilience/admission.ts';
import { type Breaker, CLOSED } from '../resilience/breaker.ts';
import { cloudNumber } from '../table/cloud-numbers.ts';
import { cloudBreakerIndex, HEALTH_STATE, type HealthState } from '../table/endpoint-table.ts';
import type { Control } from './control.ts';
import type { BreakerNote } from './status-notes.ts';

/** How an endpoint is, since when, and why: for who asks for it by itself or in a table. */
export type EndpointCondition = {
  readonly state: HealthState;
  /** Null when its state has not changed since the start. */
  readonly since: string | null;
  /** What the last failing check or the requests say, as it is now; null before there was anything to say. */
  readonly reason: string | null;
  readonly check: CheckCondition;
  readonly breaker: Breaker['state'];
  /** When it last opened, half opened or closed; null when it never has. */
  readonly breakerSince: string | null;
  /** The endpoint whose attempt or check moved it, and what that met. */
  readonly breakerBy: string | null;
  readonly breakerCause: string | null;
  /** The flag that is on and keeps it away (`unless`); left out when none does. */
  readonly keptAwayBy?: string;
};

/** How its checks stand. */
export type CheckCondition = {
  readonly last: string | null;
  readonly outcome: LastCheck['outcome'] | null;
  readonly error: string | null;
  /** When the next is due; null while one is under way. */
  readonly next: string | null;
};

/** What the health loops know of the checks of an endpoint. */
export type ReportOf = (endpoint: string) => CheckReport | undefined;

export type ConditionAsked = {
  readonly reportOf: ReportOf;
  readonly nowMs: number;
  /** Whether a flag of the fleet is on; without it, nothing is said of flags. */
  readonly isOn?: (flag: string) => boolean;
};

const STATES = Object.keys(HEALTH_STATE) as HealthState[];

/** The condition of an endpoint that is in force, at `nowMs` of the wall clock. */
export function conditionOf(
  { rows, table, notes, loops: { clock } }: Pick<Control, 'rows' | 'table' | 'notes' | 'loops'>,
  { id, service, cloud, region, unless }: Pick<Endpoint, 'id' | 'service' | 'cloud' | 'region' | 'unless'>,
  { reportOf, nowMs, isOn }: ConditionAsked,
): EndpointCondition {
  const row = rows.placement.rows[id] as number;
  const report = reportOf(id);
  const note = notes.endpoint(id);
  const wall = (ms: number | undefined) => (ms === undefined ? null : isoOf(nowMs - clock.nowMs() + ms));
  return {
    state: STATES[table.live.state[row] as number] ?? 'unknown',
    since: isoOrNull(note?.sinceMs),
    reason: report?.reason ?? note?.reason ?? null,
    check: checkOf(report, wall),
    breaker: endpointBreakers(table).read(row).state,
    ...moved(notes.breaker(service, cloud, region)),
    ...(unless !== undefined && isOn?.(unless) === true ? { keptAwayBy: unless } : {}),
  };
}

function checkOf(report: CheckReport | undefined, wall: (ms: number | undefined) => string | null): CheckCondition {
  const { last, nextMs } = report ?? { last: undefined, nextMs: undefined };
  const next = wall(nextMs);
  if (last === undefined) return { last: null, outcome: null, error: null, next };
  return { last: wall(last.atMs), outcome: last.outcome, error: last.error ?? null, next };
}

export type CloudCondition = {
  readonly service: string;
  readonly cloud: string;
} & Pick<EndpointCondition, 'breaker' | 'breakerSince' | 'breakerBy' | 'breakerCause'>;

/** The breaker of a service on a whole cloud, as it stands. */
export function cloudConditionOf(
  { rows, table, notes }: Pick<Control, 'rows' | 'table' | 'notes'>,
  service: string,
  cloud: Cloud,
): CloudCondition {
  const { placement } = rows;
  const slot = placement.slots[service];
  const breaker =
    slot === undefined ? CLOSED : cloudBreakers(table).read(cloudBreakerIndex(slot, cloudNumber(placement, cloud)));
  return { service, cloud, breaker: breaker.state, ...moved(notes.breaker(service, cloud, '')) };
}

function moved(note: BreakerNote | undefined) {
  return {
    breakerSince: isoOrNull(note?.sinceMs),
    breakerBy: note?.by ?? null,
    breakerCause: note?.cause ?? null,
  };
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoOf(ms);
}
