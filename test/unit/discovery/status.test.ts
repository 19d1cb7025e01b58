import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statusOf } from '../../../src/discovery/status.ts';

const LIMITS = { errorRateUnhealthy: 0.1, errorRateDegraded: 0.01, latencyLimitMs: 1000 };

test.each([
  [0, 20, 'healthy'],
  [0.01, 1000, 'healthy'],
  [0.0101, 20, 'degraded'],
  [0, 1000.1, 'degraded'],
  [0.1, 20, 'degraded'],
  [0.1001, 20, 'unhealthy'],
  [1, 5000, 'unhealthy'],
  [0, Number.NaN, 'healthy'],
  [0.05, Number.NaN, 'degraded'],
] as const)('an error rate of %d at %d ms is %s', (errorRate, latencyMs, status) => {
  expect(statusOf(errorRate, latencyMs, LIMITS)).toBe(status);
});

test('more errors or more latency never make it better', () => {
  const rank = { healthy: 0, degraded: 1, unhealthy: 2 };
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const ms = fc.double({ min: 0, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(share, share, ms, ms, (rate, moreRate, latency, moreLatency) => {
      const before = rank[statusOf(Math.min(rate, moreRate), Math.min(latency, moreLatency), LIMITS)];
      expect(rank[statusOf(Math.max(rate, moreRate), Math.max(latency, moreLatency), LIMITS)]).toBeGreaterThanOrEqual(
        before,
      );
    }),
  );
});
