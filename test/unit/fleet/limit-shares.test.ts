import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitCells } from '../../../src/edge/request/limit-cells.ts';
import { serviceLimits } from '../../../src/edge/request/service-limits.ts';
import type { FleetDigest, Seen } from '../../../src/fleet/fleet.ts';
import { LimitShares } from '../../../src/fleet/limit-shares.ts';
import { headOf } from '../../support/request.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const LIMIT = 1000;
const TOPOLOGY = threeClouds({ service: `limits: { requests: ${LIMIT}/s, burst: 50 }` });
const SERVICE = TOPOLOGY.services[0]!;
const STEP_MS = 1;
const REPORT_MS = 1000;
type Report = Map<string, { inFlight: number; seen: Seen }>;

/** An edge with its own table, on a clock that all share. */
function edgeOn(now: { ms: number }, edges = 1) {
  const stage = stageOf(TOPOLOGY);
  const clock = { nowMs: () => now.ms };
  const shares = new LimitShares({
    table: stage.table,
    blocks: stage.blocks,
    topology: () => TOPOLOGY,
    placement: () => stage.placement,
    clock,
    edges,
  });
  shares.dress(TOPOLOGY, stage.placement);
  const cells = limitCells(stage.table, stage.blocks[0]!, () => 0.5);
  const limits = serviceLimits(SERVICE, stage.view.slot)!;
  let owed = 0;
  let passed = 0;
  return {
    shares,
    /** Requests come at this rate for one step; each is asked as the request path asks it. */
    step(perSecond: number): void {
      for (owed += (perSecond * STEP_MS) / 1000; owed >= 1; owed -= 1) {
        const request = {
          head: headOf({}),
          clientAddress: '192.0.2.1',
          startMs: now.ms,
          bodyBytesMax: 1,
          held: undefined,
        };
        if (limits.admit(request, cells) === undefined) passed += 1;
      }
    },
    passed(): number {
      const count = passed;
      passed = 0;
      return count;
    },
    share: () => shares.shares[0]?.share ?? Number.NaN,
    told(): Report {
      const report: Report = new Map();
      shares.tell(report);
      return report;
    },
  };
}

/**
 * Edges that tell each other once a second, each at its own moment; what one has told is counted up to a second later and heard up to another later, as through a store.
 * `away`: from when to when the store is.
 */
function play(
  count: number,
  demand: (edge: number, second: number) => number,
  { seconds, away = [0, 0] }: { readonly seconds: number; readonly away?: readonly [number, number] },
) {
  const now = { ms: 0 };
  const edges = Array.from({ length: count }, () => edgeOn(now, count));
  const last: (Report | undefined)[] = edges.map(() => undefined);
  let digest: readonly (Report | undefined)[] = last.slice();
  const bySecond: number[] = [];
  const tick = (ms: number): void => {
    now.ms = ms;
    const second = Math.floor(ms / 1000);
    const gone = second >= away[0] && second < away[1];
    for (const [i, edge] of edges.entries()) {
      edge.step(demand(i, second));
      if (ms % 1000 !== Math.floor((i * REPORT_MS) / count)) continue;
      const told = edge.told();
      if (!gone) last[i] = told;
      edge.shares.take(gone ? { edges: 0, endpoints: new Map() } : heardBy(i, digest));
    }
    if (ms % 1000 === 500) digest = last.slice();
  };
  for (let second = 0; second < seconds; second += 1) {
    for (let ms = 0; ms < 1000; ms += STEP_MS) tick(second * 1000 + ms);
    bySecond.push(edges.reduce((sum, edge) => sum + edge.passed(), 0));
  }
  return { bySecond, shares: edges.map((edge) => edge.share()) };
}

function heardBy(me: number, reports: readonly (Report | undefined)[]): FleetDigest {
  const others = reports.filter((report, i) => i !== me && report !== undefined);
  const inFlight = others.reduce((sum, report) => sum + (report?.get('limit:shop')?.inFlight ?? 0), 0);
  const own = reports[me]?.get('limit:shop')?.inFlight;
  return {
    edges: others.length,
    endpoints: new Map([['limit:shop', { inFlight, up: 0, down: 0, unknown: others.length }]]),
    ...(own === undefined ? {} : { counted: new Map([['limit:shop', own]]) }),
  };
}

const near = (counts: readonly number[], target: number, by: number): void => {
  for (const count of counts) expect(Math.abs(count / target - 1)).toBeLessThanOrEqual(by);
};

test.each([
  ['even', [500, 500, 500]],
  ['80, 15 and 5', [1200, 225, 75]],
  ['all at one edge', [1500, 0, 0]],
  ['ten times the limit at one', [10_000, 50, 50]],
])('over three edges the limit passes, to 2 %%: %s', (_, demand) => {
  const { bySecond } = play(3, (edge) => demand[edge] as number, { seconds: 20 });
  near(bySecond.slice(8), LIMIT, 0.02);
});

test('whatever is asked and wherever, no more than the limit passes, and nearly all that could', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 2, maxLength: 5 }), (demand) => {
      const { bySecond } = play(demand.length, (edge) => demand[edge] as number, { seconds: 14 });
      const asked = Math.min(
        LIMIT,
        demand.reduce((sum, one) => sum + one, 0),
      );
      for (const count of bySecond.slice(9)) {
        expect(count).toBeLessThanOrEqual(LIMIT * 1.02);
        expect(count).toBeGreaterThanOrEqual(asked * 0.97 - 3);
      }
    }),
    { numRuns: 15 },
  );
});

test('demand that moves to another edge is followed within six reports', () => {
  const { bySecond } = play(3, (edge, second) => (edge === (second < 10 ? 0 : 2) ? 1200 : 150), { seconds: 24 });
  near(bySecond.slice(6, 10), LIMIT, 0.02);
  near(bySecond.slice(16), LIMIT, 0.02);
  // Meanwhile never much too much.
  for (const count of bySecond.slice(10)) expect(count).toBeLessThanOrEqual(LIMIT * 1.1);
});

test('edges that hear nobody keep what they had, up to an even part, and never pass more than the limit together', () => {
  const { bySecond, shares } = play(3, (edge) => [1200, 225, 75][edge] as number, { seconds: 20, away: [10, 20] });
  for (const count of bySecond.slice(6)) expect(count).toBeLessThanOrEqual(LIMIT * 1.02);
  expect(shares[0]).toBeCloseTo(1 / 3, 9);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1);
});

test('an edge that starts without hearing anybody takes an even part of what the file says', () => {
  const { shares } = edgeOn({ ms: 0 }, 4);
  expect(shares.shares).toEqual([{ service: 'shop', share: 0.25 }]);
});

test('a limit that is gone, or is for each edge, is shared no more', () => {
  const stage = stageOf(TOPOLOGY);
  const now = { ms: 0 };
  let topology = TOPOLOGY;
  const { table, blocks, placement } = stage;
  const parts = { table, blocks, placement: () => placement, clock: { nowMs: () => now.ms }, edges: 4 };
  const shares = new LimitShares({ ...parts, topology: () => topology });
  shares.dress(topology, placement);
  expect(table.live.limitShare[stage.view.slot]).toBe(0.25);
  topology = threeClouds({ service: 'limits: { requests: 1000/s, over: edge }' });
  shares.dress(topology, placement);
  expect(table.live.limitShare[stage.view.slot]).toBe(1);
  const report: Report = new Map();
  shares.tell(report);
  expect([...report.keys()]).toEqual([]);
});
