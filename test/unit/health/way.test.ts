import { describe, expect, test } from 'vitest';
import { CHECKS_KEPT, HANDSHAKE_EVERY, HANDSHAKES_WANTED, Way } from '../../../src/health/way.ts';

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

describe('beside handshakes', () => {
  /** So many checks over a way of `wayMs`, each of which takes as much more as `more` says of it. */
  function heldAgainst(wayMs: number, handshakeMs: number, more: (check: number) => number, checks = CHECKS_KEPT): Way {
    const way = new Way();
    for (let i = 0; i < checks; i += 1) {
      // A twentieth up or down, by turns.
      const varied = (ms: number): number => ms * (1 + 0.05 * ((i % 3) - 1));
      way.checked(varied(wayMs) + more(i), way.wantsHandshake ? varied(handshakeMs) : undefined);
    }
    return way;
  }

  test('checks that go the way alone are taken as they are', () => {
    const [alone, beside] = [heldAgainst(60, 60, () => 1), new Way()];
    for (let i = 0; i < CHECKS_KEPT; i += 1) beside.checked(60 * (1 + 0.05 * ((i % 3) - 1)) + 1);
    expect([alone.ms, alone.middleMs, alone.variesMs]).toEqual([beside.ms, beside.middleMs, beside.variesMs]);
  });

  test('what checks wait is no way, although nine in ten of them wait', () => {
    const way = heldAgainst(20, 20, (check) => (check % 10 === 0 ? 1 : 20 + 10 * (check % 7)));
    expect(way.middleMs).toBeLessThan(23);
    expect(way.middleMs).toBeGreaterThan(19);
    expect(way.ms).toBeLessThanOrEqual(way.middleMs);
    expect(way.errorMs).toBeLessThan(1.5);
  });

  test('nor is it where all of them wait, as long as they do not wait alike', () => {
    const way = heldAgainst(5, 5, (check) => 10 + 15 * (check % 6));
    expect(way.middleMs).toBeLessThan(8);
  });

  test.each([
    { case: 'a load balancer that is nearer than its servers', handshakeMs: 8 },
    { case: 'a proxy on this machine', handshakeMs: 0.1 },
  ])('$case answers handshakes, and what is behind it is a part of the way', ({ handshakeMs }) => {
    const way = heldAgainst(120, handshakeMs, () => 1);
    expect(way.middleMs).toBeGreaterThan(115);
    expect(way.middleMs).toBeLessThan(125);
  });

  test('where a few checks have taken longer than a handshake, it is not clear yet which of both it is', () => {
    expect(heldAgainst(5, 5, () => 40, 1).errorMs).toBeGreaterThan(30);
    expect(heldAgainst(5, 5, () => 40, 4).errorMs).toBeGreaterThan(5);
    expect(heldAgainst(5, 5, () => 1, 1).errorMs).toBeLessThan(1.5);
  });

  test('some are wanted at first, and then one in so many checks', () => {
    const way = new Way();
    const made: number[] = [];
    for (let check = 0; check < HANDSHAKES_WANTED + 2 * HANDSHAKE_EVERY; check += 1) {
      if (way.wantsHandshake) made.push(check);
      way.checked(10, way.wantsHandshake ? 10 : undefined);
    }
    const first = Array.from({ length: HANDSHAKES_WANTED }, (_, check) => check);
    const [again, last] = [1, 2].map((times) => HANDSHAKES_WANTED + times * HANDSHAKE_EVERY - 1);
    expect(made).toEqual([...first, again, last]);
  });
});
