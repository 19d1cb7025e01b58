import { expect, test } from 'vitest';
import { capacityOf, declaredCapacityOf, inFlightOf, RUSH_MAX } from '../../../src/routing/load.ts';
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
