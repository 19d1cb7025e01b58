import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withdrawnShare } from '../../../src/resilience/withdrawal.ts';

const policy = { errorRateDegraded: 0.01, errorRateUnhealthy: 0.1 };

test.each([
  [0, 1],
  [0.01, 1],
  [0.0101, 0.0025],
  [0.03, 0.5],
  [0.05, 1],
  [0.5, 1],
])('at an error rate of %d a degraded endpoint goes without %d of its requests', (rate, share) => {
  expect(withdrawnShare(rate, policy)).toBeCloseTo(share);
});

test('where unhealthy begins, none are left, however near to degraded that is', () => {
  const limit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(limit, limit, limit, (a, b, rate) => {
      const [errorRateDegraded, errorRateUnhealthy] = [Math.min(a, b), Math.max(a, b)];
      const share = withdrawnShare(rate, { errorRateDegraded, errorRateUnhealthy });
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      if (rate >= errorRateUnhealthy) expect(share).toBe(1);
    }),
  );
});
