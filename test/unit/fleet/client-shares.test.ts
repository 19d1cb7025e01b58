import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientDemand } from '../../../src/fleet/client-text.ts';
import { clientEdgeOn, clientsHeardBy, playClient } from '../../support/client-fleet.ts';
import { threeClouds } from '../../support/topology.ts';

const LIMIT = 1000;
const FAST = threeClouds({ service: `limits: { per_client: { requests: ${LIMIT}/s, burst: 250 } }` });
const SLOW = threeClouds({ service: 'limits: { per_client: { requests: 10/m } }' });

/** As many requests each ms as come to a rate, which may be another one in each second. */
function evenly(perSecond: (edge: number, second: number) => number) {
  const owed: number[] = [];
  return (edge: number, ms: number): number => {
    const due = (owed[edge] ?? 0) + perSecond(edge, Math.floor(ms / 1000)) / 1000;
    owed[edge] = due % 1;
    return Math.floor(due);
  };
}

function waysOf(count: number) {
  return { phases: Array.from({ length: count }, (_, i) => (i * 1000) / count), keeperAt: 500, delay: () => 0 };
}

const near = (counts: readonly number[], target: number, by: number): void => {
  for (const count of counts) expect(Math.abs(count / target - 1)).toBeLessThanOrEqual(by);
};

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

test.each([
  ['evenly', [500, 500, 500]],
  ['80, 15 and 5', [1200, 225, 75]],
  ['ten edges', Array.from({ length: 10 }, () => 150)],
  ['ten times the limit at one', [10_000, 50, 50]],
])('a client of several edges has its limit over all of them, to 2 %%: %s', (_, demand) => {
  const arrivals = evenly((edge) => demand[edge] as number);
  const { bySecond } = playClient(demand.length, {
    topology: FAST,
    seconds: 18,
    arrivals,
    ways: waysOf(demand.length),
  });
  // The second in which shares come into force has what was left of a burst.
  near(bySecond.slice(8), LIMIT, 0.02);
  // Until edges have heard of each other, which takes five reports, each lets it have what it may there.
  expect(sum(bySecond.slice(0, 6))).toBeLessThanOrEqual(6 * Math.min(sum(demand), 1.25 * LIMIT * demand.length));
});

test('a client of one edge has its whole limit there, from the first request on, and always', () => {
  const ways = waysOf(3);
  const { bySecond, sums } = playClient(3, {
    topology: FAST,
    seconds: 12,
    arrivals: evenly((at) => (at === 0 ? 1500 : 0)),
    ways,
  });
  near([bySecond[0]! - 250], LIMIT, 0.01);
  near(bySecond.slice(1), LIMIT, 0.01);
  for (const all of sums) expect(all).toBe(3);
});

test('a client whose requests are below the limit everywhere loses none', () => {
  for (const demand of [
    [100, 100, 100],
    [300, 300, 300],
    [800, 100, 20],
  ]) {
    const arrivals = evenly((edge) => demand[edge] as number);
    const { bySecond } = playClient(3, { topology: FAST, seconds: 15, arrivals, ways: waysOf(3) });
    expect(Math.abs(sum(bySecond) - sum(demand) * 15)).toBeLessThanOrEqual(3);
  }
});

const fleets = fc.record({
  parts: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 6 }),
  times: fc.double({ min: 1.2, max: 4, noNaN: true }),
  keeperAt: fc.integer({ min: 0, max: 999 }),
  phases: fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 6, maxLength: 6 }),
  delays: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 17, maxLength: 17 }),
});

test('whatever the split, whenever each edge tells and however late that is heard, a second lets the limit pass', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(fleets, ({ parts, times, keeperAt, phases, delays }) => {
      const demand = parts.map((part) => (part / sum(parts)) * LIMIT * times);
      let nth = 0;
      const ways = { phases, keeperAt, delay: () => delays[(nth += 1) % delays.length] as number };
      const arrivals = evenly((edge) => demand[edge] as number);
      const { bySecond, sums } = playClient(demand.length, { topology: FAST, seconds: 22, arrivals, ways });
      near(bySecond.slice(14), LIMIT, 0.03);
      near(sums.slice(1400), 1, 0.02);
    }),
    { numRuns: 6 },
  );
});

test('ten a minute over ten edges is ten a minute, and a share below one request lets the client through', {
  timeout: 120_000,
}, () => {
  const slow = { topology: SLOW, ways: waysOf(10), stepMs: 100, reportMs: 5000 };
  // Twenty times the limit, by turns.
  const turns = (edge: number, ms: number): number => (ms % 3000 === edge * 300 ? 1 : 0);
  const { bySecond, byEdge } = playClient(10, { ...slow, seconds: 660, arrivals: turns });
  const settled = sum(bySecond.slice(60));
  expect(settled).toBeLessThanOrEqual(100 * 1.05 + 10);
  expect(settled).toBeGreaterThanOrEqual(85);
  // Each edge lets it through now and then.
  for (const edge of slow.ways.phases.keys()) expect(sum(byEdge.slice(60).map((all) => all[edge]!))).toBeGreaterThan(5);
  // Who uses one of the ten, and rarely, is refused nothing.
  const rarely = (edge: number, ms: number): number => (edge === 3 && ms % 7000 === 0 ? 1 : 0);
  expect(sum(playClient(10, { ...slow, seconds: 119, arrivals: rarely }).bySecond)).toBe(17);
});

test('a client that moves to another edge has its whole limit there at once, and leaves nothing behind', () => {
  const arrivals = evenly((edge, second) => (edge === (second < 10 ? 0 : 2) ? 1200 : 0));
  const { bySecond, parts } = playClient(3, { topology: FAST, seconds: 30, arrivals, ways: waysOf(3) });
  near(bySecond.slice(2, 10), LIMIT, 0.01);
  // The new edge has its burst to give, and what is told of the old one is forgotten within some reports.
  expect(bySecond[10]).toBeGreaterThanOrEqual(LIMIT);
  expect(sum(bySecond.slice(10, 20))).toBeGreaterThanOrEqual(8.5 * LIMIT);
  near(bySecond.slice(20), LIMIT, 0.01);
  expect(parts.at(-1)).toEqual([1, 1, 1]);
});

test('a client that goes from edge to edge has no more than its limit and a burst at each', () => {
  const arrivals = evenly((edge, second) => (edge === Math.floor(second / 3) % 4 ? 3000 : 0));
  const { bySecond } = playClient(4, { topology: FAST, seconds: 36, arrivals, ways: waysOf(4) });
  for (let hop = 0; hop < 12; hop += 1)
    expect(sum(bySecond.slice(hop * 3, hop * 3 + 3))).toBeLessThanOrEqual(3 * LIMIT + 251);
});

test('where the store is away each edge lets clients have their whole limit, and shares come back with it', () => {
  const arrivals = evenly(() => 500);
  const { bySecond, parts } = playClient(3, { topology: FAST, seconds: 30, arrivals, ways: waysOf(3), away: [10, 16] });
  near(bySecond.slice(7, 10), LIMIT, 0.02);
  expect(parts[14]).toEqual([1, 1, 1]);
  near(bySecond.slice(12, 16), 1500, 0.01);
  near(bySecond.slice(23), LIMIT, 0.02);
});

test('a limit that is for each edge, or gone, is told of no more, and no part of it is left', () => {
  const now = { ms: 0 };
  const edges = [clientEdgeOn(now, FAST), clientEdgeOn(now, FAST)] as const;
  const round = (): readonly ClientDemand[] => {
    for (let ms = 0; ms < 1000; ms += 1) {
      now.ms += 1;
      for (const edge of edges) edge.ask('192.0.2.1');
    }
    const told = edges.map(({ shares }) => shares.tell());
    for (const [i, { shares }] of edges.entries()) shares.take(clientsHeardBy(i, told));
    return told;
  };
  for (let i = 0; i < 4; i += 1) round();
  for (const { shares, parts } of edges) {
    expect(parts()).toHaveLength(1);
    expect(parts()[0]).toBeCloseTo(0.5, 2);
    expect(shares.shown).toEqual([{ service: 'shop', told: 1, shared: 1 }]);
  }
  edges[0].file.topology = threeClouds({ service: `limits: { over: edge, per_client: { requests: ${LIMIT}/s } }` });
  const told = round();
  expect([told[0]!.size, told[1]!.size]).toEqual([0, 1]);
  expect(edges.map(({ parts }) => parts())).toEqual([[], []]);
  expect(edges[0].shares.shown).toEqual([]);
  expect(edges[1].shares.shown).toEqual([{ service: 'shop', told: 1, shared: 0 }]);
  // Nothing is counted any more.
  expect(edges[0].live.clientsShared[0]).toBe(0);
  const before = edges[0].live.clientAsked.reduce((all, one) => all + one, 0);
  edges[0].ask('192.0.2.1');
  expect(edges[0].live.clientAsked.reduce((all, one) => all + one, 0)).toBe(before);
});

test('what a client has taken and another limit refuses is given back at the rate of its part', () => {
  const service = 'limits: { requests: 1/h, over: fleet, per_client: { requests: 10/s, burst: 10 } }';
  const now = { ms: 1000 };
  const edge = clientEdgeOn(now, threeClouds({ service }));
  expect(edge.ask('192.0.2.1')).toBe(true);
  const at = edge.live.clientKey.findIndex((key) => key !== 0);
  const due = () => new BigInt64Array(edge.live.clientDue.buffer, edge.live.clientDue.byteOffset, at + 1)[at];
  edge.live.clientShare[at] = 0.5;
  const before = due();
  for (let i = 0; i < 5; i += 1) expect(edge.ask('192.0.2.1')).toBe(false);
  expect(due()).toBe(before);
});
