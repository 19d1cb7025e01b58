import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ATTEMPTS_MIN,
  CLEAR_AFTER_MS,
  type Evidence,
  errorRateOf,
  FAILURES_ENOUGH,
  GOOD_RUN_MIN,
  HALF_LIFE_MS,
  latencyOf,
  NO_EVIDENCE,
  onProbation,
  RELAPSE_WITHIN_MS,
  RELAPSES_MAX,
  type TrafficCounts,
  whenIdle,
  withCheck,
  withCounts,
} from '../../../src/health/evidence.ts';

const tries = (attempts: number, failures: number): TrafficCounts => ({
  attempts,
  failures,
  firstByteSumMs: 0,
  firstByteCount: 0,
});
const bytes = (sum: number, count: number): TrafficCounts => ({
  attempts: 0,
  failures: 0,
  firstByteSumMs: sum,
  firstByteCount: count,
});

test('nothing is known at first', () => {
  expect(errorRateOf(NO_EVIDENCE)).toBe(0);
  expect(latencyOf(NO_EVIDENCE)).toBeNaN();
});

test('too few attempts say nothing, however they ended', () => {
  expect(errorRateOf(withCounts(NO_EVIDENCE, tries(ATTEMPTS_MIN - 1, FAILURES_ENOUGH - 1), 0))).toBe(0);
  expect(errorRateOf(withCounts(NO_EVIDENCE, tries(FAILURES_ENOUGH, FAILURES_ENOUGH), 0))).toBe(1);
  expect(errorRateOf(withCounts(NO_EVIDENCE, tries(ATTEMPTS_MIN, 4), 0))).toBe(0.4);
});

test('what was is worth half after a half-life', () => {
  const before = withCounts(NO_EVIDENCE, { attempts: 100, failures: 50, firstByteSumMs: 900, firstByteCount: 3 }, 1000);
  expect(withCounts(before, tries(5, 0), 1000 + HALF_LIFE_MS)).toMatchObject({
    attempts: 55,
    failures: 25,
    firstByteSumMs: 450,
    firstByteCount: 1.5,
    atMs: 1000 + HALF_LIFE_MS,
  });
});

test('a burst of nothing but errors on a busy endpoint is above 10 % within two seconds', () => {
  let evidence = NO_EVIDENCE;
  for (let second = 0; second < 300; second += 1) evidence = withCounts(evidence, tries(1000, 0), second * 1000);
  evidence = withCounts(evidence, tries(1000, 1000), 300_000);
  evidence = withCounts(evidence, tries(1000, 1000), 301_000);
  expect(errorRateOf(evidence)).toBeGreaterThan(0.1);
});

/** One second after the other, each with so many tries and checks; the evidence after the last. */
function seconds(from: Evidence, count: number, each: { tries?: TrafficCounts; check?: boolean }): Evidence {
  let evidence = from;
  for (let i = 0; i < count; i += 1) {
    const nowMs = evidence.atMs + 1000;
    if (each.check !== undefined) evidence = withCheck(evidence, each.check, undefined, nowMs);
    evidence = withCounts(evidence, each.tries ?? tries(0, 0), nowMs);
  }
  return evidence;
}

const OUTAGE = seconds(NO_EVIDENCE, 60, { tries: tries(50, 50), check: true });

test('nothing but failures stay a rate of 100 %, however good the checks are', () => {
  expect(errorRateOf(OUTAGE)).toBe(1);
});

test('a run of good answers ends it at once', () => {
  expect(errorRateOf(seconds(OUTAGE, 1, { tries: tries(GOOD_RUN_MIN - 1, 0) }))).toBeGreaterThan(0.9);
  expect(errorRateOf(seconds(OUTAGE, 1, { tries: tries(GOOD_RUN_MIN, 0) }))).toBe(0);
  // And what comes after it does not bring it back.
  const repaired = seconds(OUTAGE, 1, { tries: tries(GOOD_RUN_MIN, 0) });
  expect(errorRateOf(withCounts(repaired, tries(30, 1), repaired.atMs))).toBe(0);
});

test('a run that the rate would allow does not: one in fifty fails', () => {
  const ill = seconds(NO_EVIDENCE, 60, { tries: tries(50, 1) });
  expect(errorRateOf(ill)).toBeCloseTo(0.02, 3);
  expect(errorRateOf(seconds(ill, 1, { tries: tries(150, 0) }))).toBeGreaterThan(0.01);
  expect(errorRateOf(seconds(ill, 1, { tries: tries(900, 0) }))).toBe(0);
});

test('left alone with good checks, an endpoint gets another chance after ten seconds, however busy it was', () => {
  const before = CLEAR_AFTER_MS / 1000 - 1;
  expect(errorRateOf(seconds(OUTAGE, before, { check: true }))).toBe(1);
  expect(errorRateOf(seconds(OUTAGE, before + 1, { check: true }))).toBe(0);
  expect(errorRateOf(seconds(OUTAGE, 60, { check: false }))).toBe(1);
  expect(errorRateOf(seconds(OUTAGE, 60, {}))).toBe(1);
});

test('one that relapses is left alone for twice as long before it gets another chance, and no longer than that', () => {
  let evidence = NO_EVIDENCE;
  let nowMs = 0;
  const heldMs: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    evidence = withCounts(evidence, tries(100, 20), nowMs);
    expect(errorRateOf(evidence)).toBeGreaterThan(0);
    const failedMs = nowMs;
    while (errorRateOf(evidence) > 0) {
      nowMs += 1000;
      evidence = withCheck(evidence, true, undefined, nowMs);
    }
    heldMs.push(nowMs - failedMs);
  }
  const most = CLEAR_AFTER_MS * 2 ** RELAPSES_MAX;
  expect(heldMs).toEqual([
    CLEAR_AFTER_MS,
    ...heldMs.slice(1).map((_, i) => Math.min(most, CLEAR_AFTER_MS * 2 ** (i + 1))),
  ]);
  // What fails again after a while of peace is no relapse.
  evidence = withCounts(evidence, tries(100, 20), nowMs + RELAPSE_WITHIN_MS + 1);
  expect(evidence.relapses).toBe(0);
});

test('few good answers and ten seconds will do as well', () => {
  const trickle = seconds(OUTAGE, 9, { tries: tries(1, 0) });
  expect(errorRateOf(trickle)).toBeGreaterThan(0.1);
  expect(errorRateOf(seconds(trickle, 1, { tries: tries(1, 0) }))).toBe(0);
});

test('an idle endpoint that was slow is fast again after some checks', () => {
  let evidence: Evidence = { ...NO_EVIDENCE, firstByteSumMs: 3e6, firstByteCount: 1000 };
  expect(latencyOf(whenIdle(evidence))).toBe(3000);
  for (let check = 1; check <= 5; check += 1) {
    evidence = withCounts(whenIdle(evidence), bytes(20, 1), check * 10_000);
  }
  expect(latencyOf(evidence)).toBeLessThan(500);
});

test('one check among traffic weighs next to nothing', () => {
  const busy = withCounts(NO_EVIDENCE, bytes(100_000, 1000), 0);
  expect(latencyOf(withCounts(busy, bytes(1, 1), 0))).toBeCloseTo(100, 0);
});

test('rates are shares, decay keeps rate and latency, and idleness keeps them too', () => {
  const step = fc.record({
    attempts: fc.nat(10_000),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    ms: fc.nat(60_000),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let evidence = NO_EVIDENCE;
      for (const { attempts, share, ms } of steps) {
        const counts = { attempts, failures: attempts * share, firstByteSumMs: attempts * 5, firstByteCount: attempts };
        evidence = withCounts(evidence, counts, evidence.atMs + ms);
        const rate = errorRateOf(evidence);
        expect(rate >= 0 && rate <= 1).toBe(true);
        const idle = whenIdle(evidence);
        expect(errorRateOf(idle)).toBe(rate);
        if (idle.firstByteCount > 1e-3) expect(latencyOf(idle)).toBeCloseTo(5, 6);
      }
    }),
  );
});

test('a clock that does not move on loses nothing', () => {
  const before = withCounts(NO_EVIDENCE, tries(20, 10), 5000);
  expect(withCounts(before, tries(0, 0), 4000)).toEqual(before);
});

test('few attempts add up over the seconds, and one failure among them is no rate', () => {
  const second = (failures: number) => tries(4, failures);
  let evidence = NO_EVIDENCE;
  for (let i = 1; i <= 5; i += 1) evidence = withCounts(evidence, second(i === 1 ? 1 : 0), i * 1000);
  expect(evidence.attempts).toBeGreaterThan(ATTEMPTS_MIN);
  expect(errorRateOf(evidence)).toBe(0);
  for (let i = 6; i <= 8; i += 1) evidence = withCounts(evidence, second(1), i * 1000);
  expect(errorRateOf(evidence)).toBeGreaterThan(0.1);
});

test('soon after a rate was cleared, little is enough to have it back: what the rate explains better than being well', () => {
  const ill = seconds(NO_EVIDENCE, 20, { tries: tries(100, 10), check: true });
  const cleared = seconds(ill, 11, { check: true });
  expect([errorRateOf(ill) > 0.09, errorRateOf(cleared)]).toEqual([true, 0]);
  const { atMs } = cleared;
  const after = (attempts: number, failures: number, ms = 1000) =>
    errorRateOf(withCounts(cleared, tries(attempts, failures), atMs + ms));
  expect(after(8, 1)).toBeCloseTo(1 / 8);
  expect([after(40, 1), after(200, 1), after(200, 0)]).toEqual([0, 0, 0]);
  expect(after(36, 2)).toBeCloseTo(2 / 36);
  // Of one that was well for long, they say nothing.
  expect([after(8, 1, RELAPSE_WITHIN_MS + 1), errorRateOf(withCounts(NO_EVIDENCE, tries(8, 1), 0))]).toEqual([0, 0]);
  expect([onProbation(ill, atMs), onProbation(cleared, atMs), onProbation(cleared, atMs + 61_000)]).toEqual([
    false,
    true,
    false,
  ]);
});
