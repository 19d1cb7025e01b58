import type { HealthPolicy } from '../config/topology-policy.ts';

export type Status = 'healthy' | 'degraded' | 'unhealthy';

export type StatusLimits = Pick<HealthPolicy, 'errorRateUnhealthy' | 'errorRateDegraded' | 'latencyLimitMs'>;

/**
 * Discovery's published rule: an error rate above 0.1 is unhealthy; above 0.01, or a latency above 1000 ms, is degraded;
 * anything else is healthy (the three numbers are the defaults of `limits`). `errorRate` is 0 to 1; `latencyMs` is NaN
 * while nothing has been measured, which counts against nobody.
 */
export function statusOf(errorRate: number, latencyMs: number, limits: StatusLimits): Status {
  if (errorRate > limits.errorRateUnhealthy) return 'unhealthy';
  return errorRate > limits.errorRateDegraded || latencyMs > limits.latencyLimitMs ? 'degraded' : 'healthy';
}
