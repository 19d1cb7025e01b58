import { expect, test } from 'vitest';
import { capacityOf, inFlightOf } from '../../../src/routing/load.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

test('what is in flight is over the whole fleet', () => {
  const { table } = stageOf(threeClouds());
  table.live.inFlight[1] = 3;
  table.live.fleetInFlight[1] = 4;
  expect([inFlightOf(table.live, 0), inFlightOf(table.live, 1)]).toEqual([0, 7]);
});

test('a capacity is what the file says until an operator says another, higher or lower', () => {
  const { table, view } = stageOf(threeClouds());
  expect(capacityOf(view, 1, table.live)).toBe(100);
  table.live.capacity[1] = 20;
  expect(capacityOf(view, 1, table.live)).toBe(20);
  table.live.capacity[1] = 2000;
  expect([capacityOf(view, 0, table.live), capacityOf(view, 1, table.live)]).toEqual([100, 2000]);
});
