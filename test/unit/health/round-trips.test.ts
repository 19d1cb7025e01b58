import { beforeEach, describe, expect, test } from 'vitest';
import { RoundTrips, TOO_SLOW_MS } from '../../../src/health/round-trips.ts';
import { SLOW_MIN_MS } from '../../../src/health/slowness.ts';
import { CHECKS_KEPT } from '../../../src/health/way.ts';
import type { LiveColumns } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const ENDPOINTS = [0, 1, 2].map((row) => ({ row, capacity: 100 }));
const WAYS = [5, 100, 160];
const SERVICE_MS = 30;

let live: LiveColumns;
let trips: RoundTrips;
let nowMs = 0;

beforeEach(() => {
  live = stageOf(threeClouds()).table.live;
  trips = new RoundTrips();
  nowMs = 0;
});

/** One second: so many requests at each, which took so long there beside the way. */
function second(
  thereMs: readonly number[],
  requests: readonly number[] = [500, 500, 500],
  refused: readonly number[] = [],
): void {
  nowMs += 1000;
  for (const [row, count] of requests.entries()) {
    const firstByteSumMs = count * ((WAYS[row] as number) + (thereMs[row] as number));
    trips.counted(row, { firstByteSumMs, firstByteCount: count, refused: refused[row] ?? 0 }, nowMs);
  }
  trips.settle(ENDPOINTS, live, nowMs);
}

function seconds(count: number, thereMs: readonly number[], requests?: readonly number[]): void {
  for (let i = 0; i < count; i += 1) second(thereMs, requests);
}

function check(more: readonly number[] = [0, 0, 0]): void {
  for (const [row, ms] of WAYS.entries()) trips.checked(row, ms + (more[row] as number));
}

const columns = (of: 'rttMs' | 'slowMs' | 'atEndpoint' | 'capacityFit' | 'tooSlow') => [...live[of].subarray(0, 3)];
const USUAL = [SERVICE_MS, SERVICE_MS, SERVICE_MS];

describe('the way', () => {
  test('is what checks take, and nothing is known of it before', () => {
    trips.settle(ENDPOINTS, live, nowMs);
    expect(columns('rttMs')).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    check();
    trips.settle(ENDPOINTS, live, nowMs);
    expect(columns('rttMs')).toEqual(WAYS);
  });

  test('is that of a quick check, but not of the luckiest one, and follows when all of them change', () => {
    check([-3, -60, 0]);
    for (let i = 0; i < CHECKS_KEPT - 1; i += 1) check([0, i % 2, 0]);
    second(USUAL);
    expect(columns('rttMs')).toEqual([5, 100, 160]);
    for (let i = 0; i < CHECKS_KEPT; i += 1) check([40, 0, 0]);
    second(USUAL);
    expect(live.rttMs[0]).toBe(45);
  });

  test('a request is the rest of its time at the endpoint', () => {
    check();
    seconds(3, USUAL);
    const shares = columns('atEndpoint');
    for (const [row, wayMs] of WAYS.entries()) expect(shares[row]).toBeCloseTo(SERVICE_MS / (SERVICE_MS + wayMs), 6);
  });
});

describe('slowness', () => {
  test('there is none where all take what is usual', () => {
    check();
    seconds(5, USUAL);
    expect(columns('slowMs')).toEqual([0, 0, 0]);
  });

  test('what one takes longer than the quickest is slow, if it is more than chance', () => {
    check();
    seconds(20, [SERVICE_MS, SERVICE_MS + SLOW_MIN_MS - 1, SERVICE_MS + 40]);
    const [, little = 0, much = 0] = columns('slowMs');
    expect(little).toBe(0);
    // What is usual is taken for a little more than what the quickest takes: for as much as its way, and chance, may make it.
    expect(much).toBeGreaterThan(38.5);
    expect(much).toBeLessThanOrEqual(40);
    expect(columns('tooSlow')).toEqual([0, 0, 0]);
  });

  test('one that has become 800 ms slower is too slow within three seconds, and well again as soon', () => {
    check();
    seconds(5, USUAL);
    seconds(3, [SERVICE_MS, SERVICE_MS + 800, SERVICE_MS]);
    expect(live.slowMs[1]).toBeGreaterThan(TOO_SLOW_MS);
    expect(columns('tooSlow')).toEqual([0, 1, 0]);
    seconds(20, USUAL);
    expect(columns('tooSlow')).toEqual([0, 0, 0]);
  });

  test('one whose requests wait is not left by all while those at the others wait as well', () => {
    check();
    seconds(5, USUAL);
    const crowded = [SERVICE_MS + 40, SERVICE_MS + 400, SERVICE_MS + 40];
    seconds(5, crowded);
    expect(live.slowMs[1]).toBeGreaterThan(TOO_SLOW_MS);
    expect(columns('tooSlow')).toEqual([0, 0, 0]);
    seconds(10, [SERVICE_MS, SERVICE_MS + 400, SERVICE_MS]);
    expect(columns('tooSlow')).toEqual([0, 1, 0]);
  });

  test('a single check that took long says nothing where many requests do not', () => {
    check();
    seconds(3, USUAL);
    check([0, 800, 0]);
    second(USUAL);
    expect(columns('slowMs')).toEqual([0, 0, 0]);
  });

  test('without requests the checks say it', () => {
    check();
    seconds(2, USUAL, [500, 0, 500]);
    check([0, 800, 0]);
    second(USUAL, [500, 0, 500]);
    expect(live.slowMs[1]).toBe(800);
    check();
    second(USUAL, [500, 0, 500]);
    expect(live.slowMs[1]).toBe(0);
  });

  test('what requests took ten seconds ago is no news', () => {
    check();
    seconds(5, [SERVICE_MS, SERVICE_MS + 400, SERVICE_MS]);
    expect(columns('tooSlow')).toEqual([0, 1, 0]);
    seconds(11, USUAL, [500, 0, 500]);
    expect(live.slowMs[1]).toBe(0);
  });

  test('a service that is slow everywhere is usual, in the end', () => {
    check();
    seconds(5, USUAL);
    seconds(1200, [300, 300, 300]);
    expect(columns('tooSlow')).toEqual([0, 0, 0]);
    expect(columns('slowMs')).toEqual([0, 0, 0]);
  });
});

describe('the capacity', () => {
  test('is less where requests wait, and that of others stays', () => {
    check();
    seconds(10, [SERVICE_MS, SERVICE_MS * 1.8, SERVICE_MS]);
    const [, waited = 1, idle = 0] = columns('capacityFit');
    expect(waited).toBeLessThan(0.7);
    expect(idle).toBe(1);
  });

  test('is less where requests are refused for want of room, though those that are not need not wait', () => {
    check();
    for (let i = 0; i < 10; i += 1) second(USUAL, [500, 500, 500], [0, 15, 0]);
    const [idle, refusing = 1] = columns('capacityFit');
    expect(refusing).toBeLessThan(0.7);
    expect(idle).toBe(1);
    for (let i = 0; i < 60; i += 1) second(USUAL);
    expect(live.capacityFit[1]).toBeGreaterThan(refusing);
  });

  test('of one that is slow by nature is found to be as declared, once it is seen idle', () => {
    check();
    const thereMs = [SERVICE_MS, SERVICE_MS * 1.8, SERVICE_MS];
    seconds(10, thereMs);
    const shrunk = live.capacityFit[1] as number;
    seconds(300, thereMs, [500, 50, 500]);
    expect(live.capacityFit[1]).toBeGreaterThan(shrunk);
  });

  test('is judged by what is in flight in the same seconds, however small the longer mean is when a rush begins', () => {
    check();
    seconds(3, USUAL);
    // Fifteen servers have 75 requests: of a capacity of 100 that is what 0.3 of it would have.
    live.inFlightMean.set([0.5, 0.5, 0.5]);
    seconds(6, [SERVICE_MS, SERVICE_MS * 5, SERVICE_MS]);
    // By the mean it would be at its least, a sixteenth, by now.
    expect(live.capacityFit[1]).toBeGreaterThan(0.12);
    expect(live.capacityFit[1]).toBeLessThan(0.5);
  });

  test('of those that are far is not taken away by a way that one check has found too short by no more than it varies, and not by what is usual at one that it has found too long', () => {
    check([0, -4, 12]);
    seconds(60, USUAL);
    const [near = 0, ...far] = columns('capacityFit');
    expect(near).toBe(1);
    for (const fit of far) expect(fit).toBeGreaterThan(0.9);
    expect(columns('slowMs')).toEqual([0, 0, 0]);
  });

  test('is not judged by requests that were answered before any check was', () => {
    trips.checked(0, 5);
    seconds(3, USUAL);
    expect(columns('capacityFit')).toEqual([expect.any(Number), 1, 1]);
    expect(trips.answersOf(1, nowMs)).toBeUndefined();
    check();
    seconds(3, USUAL);
    for (const fit of columns('capacityFit')) expect(fit).toBeGreaterThan(0.9);
  });

  test('of one that is far too slow says nothing', () => {
    check();
    live.inFlightMean.set([50, 50, 50]);
    seconds(10, [SERVICE_MS, SERVICE_MS + 800, SERVICE_MS]);
    expect(live.capacityFit[1]).toBeGreaterThan(0.9);
  });
});

test('endpoints that are not there any more are forgotten', () => {
  check();
  seconds(3, [SERVICE_MS, SERVICE_MS + 800, SERVICE_MS]);
  trips.keep(new Set([0, 2]));
  live.rttMs[1] = Number.NaN;
  second(USUAL, [500, 0, 500]);
  expect([live.rttMs[1], live.slowMs[1]]).toEqual([Number.NaN, 0]);
});
