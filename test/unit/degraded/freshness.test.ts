import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AHEAD_MS_MAX,
  ageSeconds,
  type Freshness,
  freshnessOf,
  keptUntilMs,
  type PrimaryFailure,
  servesAlone,
} from '../../../src/degraded/freshness.ts';
import { wishesOf } from '../../../src/degraded/wishes.ts';
import { copyWith, POLICY } from './copies.ts';

const cases: readonly (readonly [string, number, PrimaryFailure, Parameters<typeof copyWith>[0], Freshness])[] = [
  ['within its lifetime', 9999, 'failed', {}, 'fresh'],
  ['at the end of it', 10_000, 'failed', {}, 'old'],
  ['at the end of its use', 70_000, 'failed', {}, 'none'],
  ['that may not be stale', 10_000, 'failed', { mayBeStale: false, ifErrorMs: 60_000 }, 'none'],
  ['granted on error, endpoints failed', 14_999, 'failed', { ifErrorMs: 5000 }, 'granted'],
  ['granted on error, no longer', 15_000, 'failed', { ifErrorMs: 5000 }, 'old'],
  ['granted on error, endpoints late', 14_999, 'late', { ifErrorMs: 5000 }, 'old'],
  ['granted while revalidating, endpoints late', 14_999, 'late', { whileRevalidateMs: 5000 }, 'granted'],
  ['granted while revalidating, endpoints failed', 14_999, 'failed', { whileRevalidateMs: 5000 }, 'old'],
  ['granted for longer than the policy', 100_000, 'failed', { ifErrorMs: 100_000 }, 'granted'],
];
test.each(cases)('a copy %s (%d ms, %s)', (_, nowMs, primary, more, expected) => {
  expect(freshnessOf(copyWith(more), nowMs, { primary, policy: POLICY })).toBe(expected);
});

test('what its origin says goes before the policy', () => {
  const policy = { ...POLICY, staleIfErrorMs: 30_000, staleWhileRevalidateMs: 30_000 };
  expect(freshnessOf(copyWith(), 39_999, { primary: 'failed', policy })).toBe('granted');
  expect(freshnessOf(copyWith(), 39_999, { primary: 'late', policy })).toBe('granted');
  expect(freshnessOf(copyWith({ ifErrorMs: 0 }), 39_999, { primary: 'failed', policy })).toBe('old');
  expect(freshnessOf(undefined, 0, { primary: 'late', policy })).toBe('none');
});

test('no copy is dropped while it may serve', () => {
  const window = fc.option(fc.nat(200_000), { nil: undefined });
  fc.assert(
    fc.property(window, window, fc.nat(400_000), fc.boolean(), (ifErrorMs, whileRevalidateMs, nowMs, mayBeStale) => {
      const copy = copyWith({ ifErrorMs, whileRevalidateMs, mayBeStale });
      const kept = keptUntilMs(copy, POLICY);
      for (const primary of ['late', 'failed'] as const) {
        if (freshnessOf(copy, nowMs, { primary, policy: POLICY }) !== 'none') expect(nowMs).toBeLessThan(kept);
      }
    }),
  );
});

test('an age is whole seconds, and never negative', () => {
  expect([ageSeconds(copyWith(), 1999), ageSeconds(copyWith(), -5000)]).toEqual([1, 0]);
});

const wished: readonly (readonly [string, string, number, Freshness])[] = [
  ['no-cache', 'fresh', 5000, 'unwanted'],
  ['no-cache', 'old', 20_000, 'unwanted'],
  ['no-cache', 'of no use', 80_000, 'none'],
  ['no-store', 'fresh', 5000, 'unwanted'],
  ['max-age=0', 'fresh', 5000, 'unwanted'],
  ['max-age=4', 'fresh', 5000, 'unwanted'],
  ['max-age=5', 'fresh', 5000, 'fresh'],
  ['min-fresh=6', 'fresh', 5000, 'unwanted'],
  ['min-fresh=5', 'fresh', 5000, 'fresh'],
  ['max-age=15', 'stale and older', 15_001, 'unwanted'],
  ['max-age=15', 'stale and younger', 15_000, 'old'],
  ['min-fresh=1', 'stale', 15_000, 'unwanted'],
  ['max-stale=10', 'stale', 19_999, 'granted'],
  ['max-stale=10', 'staler', 20_000, 'old'],
  ['max-stale', 'stale', 60_000, 'granted'],
];
test.each(wished)('asked with %s, a copy that is %s (%d ms) is %s', (control, _, nowMs, expected) => {
  const about = { primary: 'late', policy: POLICY, wishes: wishesOf(control, undefined) } as const;
  expect(freshnessOf(copyWith(), nowMs, about)).toBe(expected);
});

test('a copy from a clock that was ahead is never fresh', () => {
  const nowMs = -AHEAD_MS_MAX - 1;
  const about = { primary: 'failed', policy: POLICY } as const;
  expect(freshnessOf(copyWith(), nowMs, about)).toBe('old');
  expect(freshnessOf(copyWith({ mayBeStale: false }), nowMs, about)).toBe('none');
  expect(freshnessOf(copyWith(), -AHEAD_MS_MAX, about)).toBe('fresh');
});

test.each([
  ['only-if-cached', 9999, true],
  ['only-if-cached', 10_000, false],
  ['only-if-cached, max-stale=5', 15_000, true],
  ['only-if-cached, max-stale=5', 15_001, false],
  ['only-if-cached, max-stale=5, max-age=11', 11_001, false],
  ['only-if-cached, no-cache', 1, false],
  ['only-if-cached, min-fresh=5', 5001, false],
])('with %s at %d ms, a copy is an answer by itself: %s', (control, nowMs, expected) => {
  expect(servesAlone(copyWith(), wishesOf(control, undefined), nowMs)).toBe(expected);
});
