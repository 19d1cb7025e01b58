import { expect, test } from 'vitest';
import { CHECKS_KEPT, Way } from '../../../src/health/way.ts';

function wayOf(checksMs: readonly number[]): Way {
  const way = new Way();
  for (const ms of checksMs) way.checked(ms);
  return way;
}

test('nothing is known before the first check', () => {
  const way = new Way();
  expect([way.ms, way.middleMs, way.lastMs]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(way.errorMs).toBe(0);
});

test('it is one quarter up from the quickest, with the one in the middle beside it', () => {
  const way = wayOf([108, 100, 104, 90, 112, 106, 102, 110, 95]);
  expect([way.ms, way.middleMs, way.lastMs]).toEqual([100, 104, 95]);
});

test('one check leaves a doubt of a twentieth of the way, many that are alike next to none', () => {
  expect(wayOf([200]).errorMs).toBeCloseTo(10);
  expect(wayOf([2]).errorMs).toBeCloseTo(0.1);
  expect(wayOf(Array.from({ length: CHECKS_KEPT }, () => 200)).errorMs).toBeLessThan(0.7);
});

test('the more its checks vary, the greater the doubt, but slow ones are the endpoint and not the way', () => {
  const even = wayOf(Array.from({ length: CHECKS_KEPT }, () => 100));
  const slow = wayOf(Array.from({ length: CHECKS_KEPT }, (_, i) => (i % 4 === 0 ? 900 : 100)));
  expect(wayOf(Array.from({ length: CHECKS_KEPT }, (_, i) => (i % 3 === 0 ? 60 : 100))).variesMs).toBeGreaterThan(20);
  expect([slow.ms, slow.middleMs, slow.variesMs]).toEqual([even.ms, even.middleMs, even.variesMs]);
});

test('old checks are forgotten', () => {
  const way = wayOf(Array.from({ length: CHECKS_KEPT }, () => 10));
  for (let i = 0; i < CHECKS_KEPT; i += 1) way.checked(50);
  expect([way.ms, way.middleMs]).toEqual([50, 50]);
});

test('an endpoint that has become slow for most of its checks is slow, and its way varies by no more than it did', () => {
  const way = wayOf([50, 51, 49, ...Array.from({ length: 4 }, () => 850)]);
  expect([way.ms, way.lastMs]).toEqual([50, 850]);
  expect(way.lastMs - way.ms).toBeGreaterThan(2 * way.variesMs);
});
