import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BURN_PAIRS, type BurnPair, budgetLeft, burnRate, isBurning } from '../../../src/observe/slo-burn.ts';

const POLICY = { objective: 0.9999, windowMs: 0, minimumRequests: 100, minimumErrors: 5 };
const FAST = BURN_PAIRS[0] as BurnPair;

test('the pairs are those of the workbook, each short window a twelfth of the long one', () => {
  expect(BURN_PAIRS.map(({ long, short, factor, severity }) => [short.name, long.name, factor, severity])).toEqual([
    ['5m', '1h', 14.4, 'critical'],
    ['30m', '6h', 6, 'critical'],
    ['2h', '24h', 3, 'warning'],
    ['6h', '3d', 1, 'warning'],
  ]);
  for (const { long, short } of BURN_PAIRS) expect(long.ms).toBe(12 * short.ms);
});

test.each([
  [{ good: 0, bad: 0 }, 0],
  [{ good: 9999, bad: 1 }, 1],
  [{ good: 9990, bad: 10 }, 10],
  [{ good: 0, bad: 1 }, 10_000],
])('%j burns %d times too fast', (counts, rate) => {
  expect(burnRate(counts, 0.9999)).toBeCloseTo(rate, 6);
});

test.each([
  ['half the requests fail, in both windows', { good: 500, bad: 500 }, { good: 50, bad: 50 }, true],
  ['it is over: the short window is good', { good: 500, bad: 500 }, { good: 100, bad: 0 }, false],
  ['it has only begun: the long window is good', { good: 1_000_000, bad: 10 }, { good: 50, bad: 50 }, false],
  ['one error at night', { good: 3, bad: 1 }, { good: 3, bad: 1 }, false],
  ['one error among many', { good: 600, bad: 1 }, { good: 50, bad: 1 }, false],
  ['four of 99: too little traffic', { good: 95, bad: 4 }, { good: 0, bad: 4 }, false],
  ['just enough of both', { good: 95, bad: 5 }, { good: 0, bad: 5 }, true],
])('%s', (_, long, short, burning) => {
  expect(isBurning(FAST, POLICY, long, short)).toBe(burning);
});

test('exactly the factor burns', () => {
  const long = { good: 1_000_000 - 1440, bad: 1440 };
  expect(isBurning(FAST, POLICY, long, long)).toBe(true);
  const less = { good: 1_000_000 - 1439, bad: 1439 };
  expect(isBurning(FAST, POLICY, less, long)).toBe(false);
});

test('the budget: untouched without errors, used up at the objective, overdrawn below it', () => {
  expect(budgetLeft({ good: 0, bad: 0 }, 0.999)).toBe(1);
  expect(budgetLeft({ good: 1000, bad: 0 }, 0.999)).toBe(1);
  expect(budgetLeft({ good: 999, bad: 1 }, 0.999)).toBeCloseTo(0, 9);
  expect(budgetLeft({ good: 998, bad: 2 }, 0.999)).toBeCloseTo(-1, 9);
});

test('more errors never leave more, nor burn slower', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), fc.integer({ min: 1, max: 1e6 }), (good, bad, more) => {
      const [a, b] = [
        { good, bad },
        { good, bad: bad + more },
      ];
      // With nothing but errors both are at their end already; the last bit of a division may differ.
      expect(budgetLeft(b, 0.9999)).toBeLessThanOrEqual(budgetLeft(a, 0.9999) + 1e-6);
      expect(burnRate(b, 0.9999)).toBeGreaterThanOrEqual(burnRate(a, 0.9999) - 1e-6);
    }),
  );
});
