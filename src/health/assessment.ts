import { shareText } from '../config/share.ts';
import type { HealthPolicy } from '../config/topology-policy.ts';
import { statusOf } from '../discovery/status.ts';
import { HEALTH_UNKNOWN, type HealthState } from '../table/endpoint-table.ts';
import type { Reach } from './reach.ts';

/** What is known of an endpoint. `latencyMs` is NaN until measured, `errorRate` is 0 to 1. */
export type Facts = { readonly reach: Reach; readonly latencyMs: number; readonly errorRate: number };

/** Three checks side by side, each 0 (failed) to 1 (as good as can be). */
export type Checks = { readonly reachability: number; readonly latency: number; readonly errors: number };

export type Assessment = { readonly state: HealthState; readonly health: number; readonly checks: Checks };

/**
 * State and health (0 to 1) of an endpoint. The state is discovery's rule, with down as unhealthy; an endpoint that was
 * never checked stays unknown. Health is the mean of the three checks, except that an endpoint which is down has 0, and none
 * has more than the share of its requests that it answers: the mean alone would leave 0.67 to one that answers none.
 */
export function assess(facts: Facts, policy: HealthPolicy): Assessment {
  const checks = checksOf(facts, policy);
  const { state } = facts.reach;
  if (state === 'unknown') return { state, health: HEALTH_UNKNOWN, checks };
  if (state === 'down') return { state: 'unhealthy', health: 0, checks };
  const mean = (checks.reachability + checks.latency + checks.errors) / 3;
  const health = Math.min(mean, 1 - facts.errorRate);
  return { state: statusOf(facts.errorRate, facts.latencyMs, policy), health, checks };
}

/**
 * The checks one by one.
 * - reachability: 1 while up; each failed check of a run takes `1 / fall`, so that a lost probe shows in the score but
 *   does not by itself push a sound endpoint under the routing floor: that is what `fall` is for. 0 when down.
 * - latency: `max(0, 1 - ms / latencyLimitMs)`; 1 while nothing was measured.
 * - errors: `max(0, 1 - rate / errorRateUnhealthy)`, so that it is used up where the state becomes unhealthy.
 */
export function checksOf({ reach, latencyMs, errorRate }: Facts, policy: HealthPolicy): Checks {
  return {
    reachability: reach.state === 'up' ? Math.max(0, 1 - reach.failures / policy.fall) : 0,
    latency: Number.isNaN(latencyMs) ? 1 : Math.max(0, 1 - latencyMs / policy.latencyLimitMs),
    errors: errorRate === 0 ? 1 : Math.max(0, 1 - errorRate / policy.errorRateUnhealthy),
  };
}

/** Why the state is what it is, for an operator. `checkError` is what the last check said was wrong. */
export function reasonOf(facts: Facts, checkError: string | undefined, policy: HealthPolicy): string {
  const { reach, errorRate, latencyMs } = facts;
  if (reach.state === 'unknown') return 'not checked yet';
  if (reach.state === 'down') return `reachability: ${checkError ?? 'not yet good for long enough'}`;
  const rate = `error rate ${shareText(errorRate)}`;
  if (errorRate > policy.errorRateUnhealthy) return `${rate}, above ${shareText(policy.errorRateUnhealthy)}`;
  if (errorRate > policy.errorRateDegraded) return `${rate}, above ${shareText(policy.errorRateDegraded)}`;
  if (latencyMs > policy.latencyLimitMs)
    return `latency ${Math.round(latencyMs)} ms, above ${policy.latencyLimitMs} ms`;
  return 'all checks are good';
}

/** What it comes down to, without the figures that change from check to check; empty for an endpoint that is well. */
export function causeOf(
  { reach, errorRate, latencyMs }: Facts,
  checkError: string | undefined,
  policy: HealthPolicy,
): string {
  if (reach.state === 'down') return `reachability: ${checkError ?? ''}`;
  if (errorRate > policy.errorRateDegraded) return 'error rate';
  return latencyMs > policy.latencyLimitMs ? 'latency' : '';
}
