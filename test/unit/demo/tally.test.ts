import fc from 'fast-check';
import { expect, test } from 'vitest';
import { availability, quantile, RECENT_MAX, RECENT_MS, Tally } from '../../../src/demo/tally.ts';

test('what was sent is answered, failed, given up or in flight', () => {
  const tally = new Tally();
  for (let i = 0; i < 10; i += 1) tally.send();
  tally.succeed(5, 0);
  tally.succeed(7, 0);
  tally.fail();
  tally.abandon();
  tally.holdBack();
  expect(tally.counts()).toEqual({ sent: 9, succeeded: 2, failed: 1, inFlight: 6, heldBack: 1 });
});

test('recent quantiles forget, overall ones do not', () => {
  const tally = new Tally();
  expect(tally.recent(0)).toEqual({ p50Ms: Number.NaN, p99Ms: Number.NaN });
  expect(tally.overall()).toEqual({ p50Ms: Number.NaN, p99Ms: Number.NaN });
  for (let ms = 1; ms <= 100; ms += 1) tally.succeed(ms, 0);
  expect(tally.recent(RECENT_MS - 1)).toEqual({ p50Ms: 50, p99Ms: 99 });
  expect(tally.recent(RECENT_MS)).toEqual({ p50Ms: Number.NaN, p99Ms: Number.NaN });
  expect(tally.overall().p50Ms).toBeCloseTo(50, 0);
  expect(tally.overall().p99Ms).toBeCloseTo(99, 0);
});

test('memory is bounded however many are answered', () => {
  const tally = new Tally();
  for (let i = 0; i < RECENT_MAX * 2; i += 1) tally.succeed(i < RECENT_MAX ? 1 : 2, 0);
  expect(tally.recent(0).p99Ms).toBe(2);
  expect(tally.counts().succeeded).toBe(RECENT_MAX * 2);
});

test('a quantile is one of the values, with at least its share at or below', () => {
  const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, (unsorted, at) => {
      const sorted = unsorted.toSorted((a, b) => a - b);
      const found = quantile(sorted, at);
      const below = sorted.filter((value) => value <= found).length;
      return sorted.includes(found) && below >= at * sorted.length;
    }),
  );
});

test('availability is of what has finished', () => {
  expect(availability({ succeeded: 0, failed: 0 })).toBe(1);
  expect(availability({ succeeded: 9999, failed: 1 })).toBe(0.9999);
});
