import type { HealthPolicy } from '../config/topology-policy.ts';

/** At so many times the error rate that is degraded, all requests are kept away. */
export const WITHDRAWN_AT = 5;

/**
 * The share of requests that a *degraded* endpoint does not get while another is better, 0 to 1. Errors beyond the limit take it
 * away bit by bit: a rate just over the limit must not move everything at once, onto others that are not ready for it, only to move
 * it back when the rate is just below. One that is degraded although its errors are few is too slow, and gets nothing.
 */
export function withdrawnShare(
  errorRate: number,
  { errorRateDegraded, errorRateUnhealthy }: Pick<HealthPolicy, 'errorRateDegraded' | 'errorRateUnhealthy'>,
): number {
  if (errorRate <= errorRateDegraded) return 1;
  const all = Math.min(errorRateUnhealthy, WITHDRAWN_AT * errorRateDegraded);
  return all <= errorRateDegraded ? 1 : Math.min(1, (errorRate - errorRateDegraded) / (all - errorRateDegraded));
}
