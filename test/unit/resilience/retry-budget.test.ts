import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUDGET_WINDOW_MS, RetryBudget } from '../../../src/resilience/retry-budget.ts';

test('a quiet service may retry as often as the floor says, and then the floor refills', () => {
  const budget = new RetryBudget(0, 2, 0);
  let made = 0;
  while (budget.withdraw(0)) made += 1;
  expect(made).toBe((2 * BUDGET_WINDOW_MS) / 1000);
  expect(budget.withdraw(499)).toBe(false);
  expect(budget.withdraw(500)).toBe(true);
  expect(budget.withdraw(500)).toBe(false);
});

test('under load it is a share of the requests', () => {
  const budget = new RetryBudget(0.2, 0, 0);
  let made = 0;
  for (let i = 0; i < 10_000; i += 1) {
    budget.deposit(0);
    if (budget.withdraw(0)) made += 1;
  }
  expect(made).toBe(2000);
});

test('what is not used fades with the window', () => {
  const budget = new RetryBudget(0.5, 0, 0);
  for (let i = 0; i < 100; i += 1) budget.deposit(0);
  expect(budget.balance(0)).toBe(50);
  expect(budget.balance(BUDGET_WINDOW_MS)).toBeCloseTo(50 / Math.E);
  expect(budget.withdraw(20 * BUDGET_WINDOW_MS)).toBe(false);
});

test('nothing at all is allowed by a share and a floor of 0', () => {
  const budget = new RetryBudget(0, 0, 0);
  budget.deposit(0);
  expect(budget.withdraw(1e9)).toBe(false);
});

const acts = fc.array(fc.record({ afterMs: fc.nat(3000), deposits: fc.nat(30), tries: fc.nat(20) }), { maxLength: 60 });

test('over any stretch of time, retries stay under the share of requests plus the floor', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, fc.double({ min: 0, max: 10, noNaN: true }), acts, (part, floor, story) => {
      const budget = new RetryBudget(part, floor, 0);
      const seen: { atMs: number; requests: number; retries: number }[] = [];
      let nowMs = 0;
      for (const { afterMs, deposits, tries } of story) {
        nowMs += afterMs;
        for (let i = 0; i < deposits; i += 1) budget.deposit(nowMs);
        let retries = 0;
        for (let i = 0; i < tries; i += 1) {
          expect(budget.balance(nowMs) >= 1).toBe(budget.withdraw(nowMs) && ++retries > 0);
        }
        seen.push({ atMs: nowMs, requests: deposits, retries });
      }
      // What was earned before a stretch begins has faded by as much as it is old; all of it is the most there can be.
      for (let from = 0; from < seen.length; from += 1) {
        let [earned, retries] = [0, 0];
        const start = seen[from]?.atMs ?? 0;
        for (const { atMs, requests } of seen.slice(0, from)) {
          earned += part * requests * Math.exp(-(start - atMs) / BUDGET_WINDOW_MS);
        }
        for (const one of seen.slice(from)) {
          earned += part * one.requests;
          retries += one.retries;
          const most = earned + (floor * (BUDGET_WINDOW_MS + one.atMs - start)) / 1000;
          expect(retries).toBeLessThanOrEqual(most + 1e-6);
        }
      }
    }),
  );
});

test('time that seems to go back takes nothing and gives nothing', () => {
  const budget = new RetryBudget(0, 1, 10_000);
  while (budget.withdraw(10_000));
  expect(budget.balance(5000)).toBe(0);
  expect(budget.balance(11_000)).toBeCloseTo(1);
});
