import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assess, checksOf, type Facts, reasonOf } from '../../../src/health/assessment.ts';
import type { Reach } from '../../../src/health/reach.ts';
import { HEALTH } from '../discovery/topology.ts';

const UP: Reach = { state: 'up', failures: 0 };
const SHAKEN: Reach = { state: 'up', failures: 1 };
const DOWN: Reach = { state: 'down', successes: 1 };
const UNKNOWN: Reach = { state: 'unknown' };
const facts = (reach: Reach, latencyMs: number, errorRate: number): Facts => ({ reach, latencyMs, errorRate });

test.each([
  ['never checked', facts(UNKNOWN, Number.NaN, 0), 'unknown', 0.5],
  ['never checked, with traffic that fails', facts(UNKNOWN, 10, 1), 'unknown', 0.5],
  ['all good', facts(UP, 0, 0), 'healthy', 1],
  ['half of the latency limit', facts(UP, 500, 0), 'healthy', 2.5 / 3],
  ['no latency yet', facts(UP, Number.NaN, 0), 'healthy', 1],
  ['too slow', facts(UP, 1200, 0), 'degraded', 2 / 3],
  ['some errors', facts(UP, 0, 0.05), 'degraded', 2.5 / 3],
  ['many errors', facts(UP, 0, 0.2), 'unhealthy', 2 / 3],
  ['half of the answers', facts(UP, 0, 0.5), 'unhealthy', 0.5],
  ['nothing but errors, with checks that are good', facts(UP, 0, 1), 'unhealthy', 0],
  ['one of two checks lost', facts(SHAKEN, 0, 0), 'healthy', 2.5 / 3],
  ['down: the veto', facts(DOWN, 0, 0), 'unhealthy', 0],
] as const)('%s', (_, given, state, health) => {
  const found = assess(given, HEALTH);
  expect(found.state).toBe(state);
  expect(found.health).toBeCloseTo(health, 10);
});

test('one lost check leaves a sound endpoint above the routing floor; with errors and slowness it does not', () => {
  expect(assess(facts(SHAKEN, 200, 0), HEALTH).health).toBeGreaterThan(0.5);
  expect(assess(facts(SHAKEN, 200, 0.1), HEALTH).health).toBeLessThan(0.5);
});

test('errors that are not allowed at all', () => {
  expect(checksOf(facts(UP, 0, 0), { ...HEALTH, errorRateUnhealthy: 0 }).errors).toBe(1);
  expect(checksOf(facts(UP, 0, 0.001), { ...HEALTH, errorRateUnhealthy: 0 }).errors).toBe(0);
});

test('health is a share, and falls with each of the three checks', () => {
  const reach = fc.nat({ max: 3 }).map((failures): Reach => ({ state: 'up', failures }));
  const ms = fc.double({ min: 0, max: 5000, noNaN: true });
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(reach, ms, rate, ms, rate, (reach, latencyMs, errorRate, moreMs, moreRate) => {
      const before = assess(facts(reach, latencyMs, errorRate), HEALTH).health;
      expect(before).toBeGreaterThanOrEqual(0);
      expect(before).toBeLessThanOrEqual(1);
      const worse = facts(reach, latencyMs + moreMs, Math.min(1, errorRate + moreRate));
      expect(assess(worse, HEALTH).health).toBeLessThanOrEqual(before);
      expect(assess({ ...worse, reach: DOWN }, HEALTH).health).toBe(0);
    }),
  );
});

test.each([
  [facts(DOWN, 1, 0), 'connection refused', 'reachability: connection refused'],
  [facts(UP, 1, 0.234), undefined, 'error rate 23.4 %, above 10 %'],
  [facts(UP, 1, 0.02), undefined, 'error rate 2 %, above 1 %'],
  [facts(UP, 1500.4, 0), undefined, 'latency 1500 ms, above 1000 ms'],
  [facts(UP, 1, 0), 'an old error', 'all checks are good'],
  [facts(UNKNOWN, 1, 0), undefined, 'not checked yet'],
])('a reason in words (%#)', (given, error, words) => {
  expect(reasonOf(given, error, HEALTH)).toBe(words);
});
