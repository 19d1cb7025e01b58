import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countRecent, type RecentCells, recentSums } from '../../../src/routing/recent-shares.ts';
import { CLOUD_CELLS } from '../../../src/table/endpoint-table.ts';

const HALF_LIFE = 10_000;
const at = (nowMs: number) => ({ nowMs, halfLifeMs: HALF_LIFE, clouds: 3 });

function cells(): RecentCells {
  return { recent: new Float64Array(2 * CLOUD_CELLS), recentAtMs: new Float64Array(2) };
}

function sumsOf(of: RecentCells, slot: number, nowMs: number): number[] {
  const sums = new Float64Array(3);
  recentSums(of, slot, at(nowMs), sums);
  return [...sums];
}

test('nobody has any before the first request', () => {
  expect(sumsOf(cells(), 0, 0)).toEqual([0, 0, 0]);
});

test('the requests of a service are counted by cloud, and added to what is there', () => {
  const of = cells();
  for (const cloud of [0, 0, 0, 2]) countRecent(of, 1, cloud, at(5));
  expect(sumsOf(of, 1, 5)).toEqual([3, 0, 1]);
  expect(sumsOf(of, 0, 5)).toEqual([0, 0, 0]);
  const sums = Float64Array.of(1, 1, 1);
  recentSums(of, 1, at(5), sums);
  expect([...sums]).toEqual([4, 1, 2]);
});

test('a request counts half after a half-life', () => {
  const of = cells();
  countRecent(of, 0, 0, at(0));
  countRecent(of, 0, 0, at(0));
  countRecent(of, 0, 1, at(HALF_LIFE));
  expect(sumsOf(of, 0, HALF_LIFE)).toEqual([1, 1, 0]);
  expect(sumsOf(of, 0, 2 * HALF_LIFE)).toEqual([0.5, 0.5, 0]);
});

test('after twenty half-lives nothing is recent any more', () => {
  const of = cells();
  countRecent(of, 0, 2, at(0));
  expect(sumsOf(of, 0, 20 * HALF_LIFE)[2]).toBeGreaterThan(0);
  expect(sumsOf(of, 0, 20 * HALF_LIFE + 1)).toEqual([0, 0, 0]);
});

const story = fc.array(fc.record({ cloud: fc.nat(2), afterMs: fc.nat(30_000) }), { minLength: 1, maxLength: 50 });

test('sums are what remembering every request would give', () => {
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
      const sums = sumsOf(of, 1, nowMs);
      for (const cloud of [0, 1, 2]) {
        const its = told.filter((one) => one.cloud === cloud);
        const weight = its.reduce((sum, { atMs }) => sum + 2 ** ((atMs - nowMs) / HALF_LIFE), 0);
        expect(sums[cloud]).toBeCloseTo(weight, 9);
      }
    }),
  );
});
