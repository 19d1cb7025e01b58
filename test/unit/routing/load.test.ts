import { expect, test } from 'vitest';
import {
  capacityOf,
  declaredCapacityOf,
  inFlightOf,
  RUSH_MAX,
  reportedNow,
  writeLoad,
} from '../../../src/routing/load.ts';
import type { LiveColumns } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

test('what is in flight is over the whole fleet; before anything was measured, as it is', () => {
  const { table } = stageOf(threeClouds());
  table.live.inFlight[1] = 3;
  table.live.fleetInFlight[1] = 4;
  expect([inFlightOf(table.live, 0), inFlightOf(table.live, 1)]).toEqual([0, 7]);
});

test.each([
  ['as much as usual: the others have their mean', 10, 10, 40, 50],
  ['half as much again: so have the others', 16, 10, 40, 16 + 40 * 1.5],
  ['less: so have the others', 4, 10, 40, 4 + 40 * 0.5],
  ['nothing: they are taken to have a little all the same', 0, 10, 40, 40 / 6],
  ['the first request of an edge is no rush', 1, 0, 40, 1 + 40 * 1.5],
  ['a rush has its bounds', 1000, 10, 40, 1000 + 40 * RUSH_MAX],
])('this edge has %s', (_, own, mean, others, load) => {
  const { table } = stageOf(threeClouds());
  table.live.inFlight[1] = own;
  table.live.inFlightMean[1] = mean;
  table.live.fleetInFlight[1] = others;
  expect(inFlightOf(table.live, 1)).toBeCloseTo(load);
});

/**
 * Edges that all send to an endpoint until it has `capacity` in their eyes, and hear of the others' means some seconds late.
 * Returns the lowest and highest load of the endpoint in the second minute.
 */
function swing(edges: number, capacity: number, lateSeconds: number): { readonly low: number; readonly high: number } {
  const tables = Array.from({ length: edges }, () => stageOf(threeClouds()).table.live);
  const told: number[][] = [];
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (let second = 0; second < 120; second += 1) {
    const heard = told[second - lateSeconds];
    for (const [edge, live] of tables.entries()) {
      live.fleetInFlight[0] =
        heard === undefined ? 0 : heard.reduce((sum, mean, at) => sum + (at === edge ? 0 : mean), 0);
      live.inFlight[0] = 0;
      while (inFlightOf(live, 0) < capacity) live.inFlight[0] += 1;
      const mean = live.inFlightMean[0] as number;
      const own = live.inFlight[0];
      live.inFlightMean[0] = Number.isNaN(mean) ? own : mean * 0.9 + own * 0.1;
    }
    told.push(tables.map((live) => live.inFlightMean[0] as number));
    const load = tables.reduce((sum, live) => sum + (live.inFlight[0] as number), 0);
    if (second >= 60) [low, high] = [Math.min(low, load), Math.max(high, load)];
  }
  return { low, high };
}

test.each([
  [2, 100, 3],
  [6, 300, 3],
  [6, 300, 10],
  [20, 1000, 3],
])(
  '%d edges that fill an endpoint of %d do not swing, though they hear of each other %d s late',
  (edges, capacity, late) => {
    const { low, high } = swing(edges, capacity, late);
    expect(low).toBeGreaterThan(0.9 * capacity);
    expect(high).toBeLessThan(1.2 * capacity);
  },
);

test('a capacity is what the file says until an operator says another, higher or lower', () => {
  const { table, view } = stageOf(threeClouds());
  expect(capacityOf(view, 1, table.live)).toBe(100);
  table.live.capacity[1] = 20;
  expect(capacityOf(view, 1, table.live)).toBe(20);
  table.live.capacity[1] = 2000;
  expect([capacityOf(view, 0, table.live), capacityOf(view, 1, table.live)]).toEqual([100, 2000]);
});

test('what is still on the way is not at the endpoint', () => {
  const { table } = stageOf(threeClouds());
  table.live.inFlight[1] = 40;
  table.live.atEndpoint[1] = 0.25;
  expect(inFlightOf(table.live, 1)).toBe(10);
});

test('what counts as the capacity is the declared one as it was corrected', () => {
  const { table, view } = stageOf(threeClouds());
  table.live.capacityFit[1] = 0.5;
  expect([capacityOf(view, 1, table.live), declaredCapacityOf(view, 1, table.live)]).toEqual([50, 100]);
});

const REPORTING = { service: 'routing: { load: reported }' };
const loadOf = ({ view, table }: ReturnType<typeof stageOf>, i: number): number => {
  writeLoad(view, i, table.live);
  return view.loads[i] as number;
};

test('a report counts where it says more than the requests that are counted, and only where the file says so', () => {
  const [counted, reported] = [stageOf(threeClouds()), stageOf(threeClouds(REPORTING))];
  for (const { table } of [counted, reported]) {
    table.live.inFlight[1] = 20;
    table.live.inFlightMean[1] = 20;
    table.live.reportedLoad[1] = 0.9;
  }
  expect([loadOf(counted, 1), loadOf(reported, 1)]).toEqual([0.2, 0.9]);
  reported.table.live.reportedLoad[1] = 0.1;
  expect([loadOf(reported, 1), loadOf(reported, 0)]).toEqual([0.2, 0]);
});

test('a report is scaled by what this edge has there now, against what it had while it came about', () => {
  const stage = stageOf(threeClouds(REPORTING));
  const { live } = stage.table;
  live.reportedLoad[1] = 0.6;
  live.inFlightMean[1] = 8;
  live.inFlight[1] = 3;
  expect(loadOf(stage, 1)).toBeCloseTo(0.3);
  live.inFlight[1] = 18;
  expect(loadOf(stage, 1)).toBeCloseTo(1.2);
  live.inFlight[1] = 1000;
  live.capacity[1] = 1_000_000;
  expect(loadOf(stage, 1)).toBeCloseTo(0.6 * RUSH_MAX);
});

/** What of the table `reportedNow` reads, with parts of requests, of two endpoints. */
function twoRows() {
  const row = (value: number) => new Float64Array(2).fill(value);
  return { inFlight: row(0), inFlightMean: row(Number.NaN), reportedLoad: row(0), atEndpoint: row(1) };
}

/**
 * Edges that have 40 requests each under way, for a second each, at two endpoints that their files take for equals, though the first can do twice as much. All edges hear some
 * seconds late, and alike, how full these are. `scaled` says whether reports are read as routing reads them, or as they come. Returns the lowest and the highest load of
 * an endpoint in the third minute: 0.8 is what both would have at best.
 */
function reportSwing(
  edges: number,
  lateSeconds: number,
  scaled: boolean,
): { readonly low: number; readonly high: number } {
  const PER_SECOND = 20;
  const tables = Array.from({ length: edges }, twoRows);
  const truths = [1, 0.5].map((part) => (part * edges * 40) / (0.8 * 1.5));
  const said: number[][] = [];
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  const loadOfRow = (table: ReturnType<typeof twoRows>, row: number): number =>
    scaled ? reportedNow(table as unknown as LiveColumns, row) : (table.reportedLoad[row] as number);
  for (let step = 0; step < 180 * PER_SECOND; step += 1) {
    const heard = said[step - lateSeconds * PER_SECOND];
    for (const table of tables) {
      const { inFlight, inFlightMean, reportedLoad } = table;
      for (const row of [0, 1]) {
        const [told, before] = [heard?.[row] ?? 0, reportedLoad[row] as number];
        reportedLoad[row] = scaled ? before + (told - before) / (10 * PER_SECOND) : told;
        inFlight[row] = (inFlight[row] as number) * (1 - 1 / PER_SECOND);
      }
      for (let began = 0; began < 40 / PER_SECOND; began += 1) {
        const to = loadOfRow(table, 0) <= loadOfRow(table, 1) ? 0 : 1;
        inFlight[to] = (inFlight[to] as number) + 1;
      }
      for (const row of [0, 1]) {
        const [now, mean] = [inFlight[row] as number, inFlightMean[row] as number];
        inFlightMean[row] = Number.isNaN(mean) ? now : mean + (now - mean) / (10 * PER_SECOND);
      }
    }
    const loads = truths.map(
      (truth, row) => tables.reduce((sum, { inFlight }) => sum + (inFlight[row] as number), 0) / truth,
    );
    said.push(loads);
    if (step >= 120 * PER_SECOND) [low, high] = [Math.min(low, ...loads), Math.max(high, ...loads)];
  }
  return { low, high };
}

test.each([
  [1, 2],
  [6, 2],
  [6, 5],
  [20, 5],
  [6, 10],
])(
  '%d edges that all hear the same reports, %d s late, do not swing; by reports as they come they do',
  (edges, late) => {
    const { low, high } = reportSwing(edges, late, true);
    expect(low).toBeGreaterThan(0.7);
    expect(high).toBeLessThan(0.9);
    const asTheyCome = reportSwing(edges, late, false);
    expect(asTheyCome.low).toBeLessThan(0.2);
    expect(asTheyCome.high).toBeGreaterThan(1.5);
  },
);
