import { expect, test } from 'vitest';
import { sloReport } from '../../../src/observe/slo-report.ts';

const POLICY = { objective: 0.999, windowMs: 720 * 3_600_000, minimumRequests: 100, minimumErrors: 5 };
const HOUR = 3_600_000;

test('an outage that goes on: every rate, what is left, and the pairs that burn, fastest first', () => {
  const report = sloReport('shop', POLICY, (ms) => (ms <= HOUR ? { good: 900, bad: 100 } : { good: 99_900, bad: 100 }));
  expect(report).toMatchObject({ service: 'shop', objective: 0.999, good: 99_900, bad: 100, sli: 0.999 });
  expect(report.budgetLeft).toBeCloseTo(0, 9);
  expect(report.burnRates['5m']).toBeCloseTo(100, 6);
  expect(report.burnRates['3d']).toBeCloseTo(1, 6);
  expect(report.burning.map(({ long, short }) => `${long} ${short}`)).toEqual(['1h 5m']);
});

test('without traffic all is well', () => {
  const report = sloReport('shop', POLICY, () => ({ good: 0, bad: 0 }));
  expect(report).toMatchObject({ good: 0, bad: 0, sli: 1, budgetLeft: 1, burning: [] });
  expect(Object.values(report.burnRates).every((rate) => rate === 0)).toBe(true);
});
