import type { EndpointHealth } from './endpoint-health.ts';

/** A check that contradicts the state, or that a breaker waits for, is repeated after this part of the interval. */
const CONFIRM_SHARE = 0.1;
/** One that went down is checked this many times as often, for so many intervals: most outages are short, and nobody is served by it meanwhile. */
const DOWN_TIMES = 5;
const DOWN_INTERVALS = 6;
/** A way is as good as known, to a mean of requests, when its standard error is no more than this. */
const WAY_ERROR_MS = 1.5;
/** Until then a new endpoint is checked so many times in its first interval, but no sooner than after so long, and all of them together no more often than this. */
const WAY_CHECKS = 40;
const WAY_EVERY_MS = 250;
export const WAY_CHECKS_A_SECOND = 100;

/** What the next check of an endpoint depends on, beside its health. */
export type CheckedSince = {
  readonly nowMs: number;
  /** When the endpoint came to this edge. */
  readonly sinceMs: number;
  /** Endpoints that this edge checks. */
  readonly endpoints: number;
  /** The standard error of what is known of the way to it, in ms. */
  readonly wayErrorMs: number;
  /** Whether nothing of its service is up. */
  readonly isOut: boolean;
  /** Whether nothing is heard of its requests. */
  readonly isSilent: boolean;
  /** How long until a breaker may be helped by a check that passes. */
  readonly usefulMs: number;
};

/**
 * How long to wait for the next check of an endpoint, in ms: the interval; less when the last check contradicted the state, when a breaker waits for
 * news, when nothing of the service is up or nothing is heard of the endpoint's requests, when it went down a short while ago, when it may only be slower to start than the edge, or
 * when it is new and far away. Of such a way one check says little, and an edge that starts under load would take for waiting what is the way
 * (docs/decisions/0123-one-price-for-all-edges.md).
 */
export function untilNextCheckMs(health: Checked, at: CheckedSince): number {
  const { nowMs, sinceMs, endpoints, wayErrorMs, isOut, isSilent, usefulMs } = at;
  const { intervalMs } = health.policy;
  const soonMs = intervalMs * CONFIRM_SHARE;
  const isNew = nowMs - sinceMs < intervalMs;
  if (health.contested || isOut || isSilent || (isNew && health.state === 'unhealthy')) return soonMs;
  if (isNew && wayErrorMs > WAY_ERROR_MS) {
    const togetherMs = (endpoints * 1000) / WAY_CHECKS_A_SECOND;
    return Math.min(intervalMs, Math.max(WAY_EVERY_MS, intervalMs / WAY_CHECKS, togetherMs));
  }
  const fresh = health.isFreshlyDown(DOWN_INTERVALS * intervalMs, nowMs);
  const usualMs = fresh ? intervalMs / DOWN_TIMES : intervalMs;
  return Math.min(usualMs, Math.max(soonMs, usefulMs));
}

type Checked = Pick<EndpointHealth, 'policy' | 'state' | 'contested' | 'isFreshlyDown'>;
