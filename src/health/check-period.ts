import type { EndpointHealth } from './endpoint-health.ts';

/** A check that contradicts the state, or that a breaker waits for, is repeated after this part of the interval. */
const CONFIRM_SHARE = 0.1;
/** One that went down is checked this many times as often, for so many intervals: most outages are short, and nobody is served by it meanwhile. */
const DOWN_TIMES = 5;
const DOWN_INTERVALS = 6;

/** What the next check of an endpoint depends on, beside its health. */
export type CheckedSince = {
  readonly nowMs: number;
  /** When the endpoint came to this edge. */
  readonly sinceMs: number;
  /** Whether nothing of its service is up. */
  readonly isOut: boolean;
  /** Whether nothing is heard of its requests. */
  readonly isSilent: boolean;
  /** How long until a breaker may be helped by a check that passes. */
  readonly usefulMs: number;
};

/**
 * How long to wait for the next check of an endpoint, in ms: the interval; less when the last check contradicted the state, when a breaker waits for
 * news, when nothing of the service is up or nothing is heard of the endpoint's requests, when it went down a short while ago, or when the endpoint may only be slower to start than the edge.
 */
export function untilNextCheckMs(health: Checked, at: CheckedSince): number {
  const { nowMs, sinceMs, isOut, isSilent, usefulMs } = at;
  const { intervalMs } = health.policy;
  const soonMs = intervalMs * CONFIRM_SHARE;
  const starting = health.state === 'unhealthy' && nowMs - sinceMs < intervalMs;
  if (health.contested || starting || isOut || isSilent) return soonMs;
  const fresh = health.isFreshlyDown(DOWN_INTERVALS * intervalMs, nowMs);
  const usualMs = fresh ? intervalMs / DOWN_TIMES : intervalMs;
  return Math.min(usualMs, Math.max(soonMs, usefulMs));
}

type Checked = Pick<EndpointHealth, 'policy' | 'state' | 'contested' | 'isFreshlyDown'>;
