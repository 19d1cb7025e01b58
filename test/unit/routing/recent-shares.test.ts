import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countRecent, type RecentCells, recentShares } from '../../../src/routing/recent-shares.ts';

const HALF_LIFE = 10_000;
const at = (nowMs: number) => ({ nowMs, halfLifeMs: HALF_LIFE });

function cells(): RecentCells {
  return { recent: new Float64Array(6), recentAtMs: new Float64Array(2) };
}

function sharesOf(of: RecentCells, slot: number, nowMs: number): number[] {
  const shares = new Float64Array(3);
  recentShares(of, slot, at(nowMs), shares);
  return [...shares];
}

test('nobody has a share before the first request', () => {
  expect(sharesOf(cells(), 0, 0)).toEqual([0, 0, 0]);
});

test('shares are those of the requests', () => {
  const of = cells();
  for (const cloud of [0, 0, 0, 2]) countRecent(of, 1, cloud, at(5));
  expect(sharesOf(of, 1, 5)).toEqual([0.75, 0, 0.25]);
  expect(sharesOf(of, 0, 5)).toEqual([0, 0, 0]);
});

test('a request counts half after a half-life', () => {
  const of = cells();
  countRecent(of, 0, 0, at(0));
  countRecent(of, 0, 0, at(0));
  countRecent(of, 0, 1, at(HALF_LIFE));
  expect(sharesOf(of, 0, HALF_LIFE)).toEqual([0.5, 0.5, 0]);
  expect(sharesOf(of, 0, 3 * HALF_LIFE)).toEqual([0.5, 0.5, 0]);
});

test('after twenty half-lives nothing is recent any more', () => {
  const of = cells();
  countRecent(of, 0, 2, at(0));
  expect(sharesOf(of, 0, 9 * HALF_LIFE)).toEqual([0, 0, 1]);
  expect(sharesOf(of, 0, 20 * HALF_LIFE + 1)).toEqual([0, 0, 0]);
});

const story = fc.array(fc.record({ cloud: fc.nat(2), afterMs: fc.nat(30_000) }), { minLength: 1, maxLength: 50 });

test('shares sum to 1, and are what remembering every request would give', () => {
  fc.assert(
    fc.property(story, (requests) => {
      const of = cells();
      const told: { cloud: number; atMs: number }[] = [];
      let nowMs = 0;
      for (const { cloud, afterMs } of requests) {
        nowMs += afterMs;
        countRecent(of, 1, cloud, at(nowMs));
        told.push({ cloud, atMs: nowMs });
      }
      const weights = [0, 1, 2].map((cloud) =>
        told.filter((one) => one.cloud === cloud).reduce((sum, { atMs }) => sum + 2 ** ((atMs - nowMs) / HALF_LIFE), 0),
      );
      const all = weights.reduce((sum, weight) => sum + weight, 0);
      const shares = sharesOf(of, 1, nowMs);
      for (const cloud of [0, 1, 2]) expect(shares[cloud]).toBeCloseTo((weights[cloud] as number) / all, 9);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }),
  );
});
