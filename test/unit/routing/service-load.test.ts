import { expect, test } from 'vitest';
import { serviceLoad } from '../../../src/routing/service-load.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

test('what is in flight over what it is built for, of those that requests go to', () => {
  const stage = stageOf(threeClouds());
  const { live } = stage.table;
  const { view } = stage;
  const capacities = [...view.capacities] as [number, number, number];
  const load = (allowed?: Uint8Array): number => serviceLoad(view, live, 100, allowed);
  expect(load()).toBe(0);
  live.inFlight[0] = capacities[0];
  live.inFlight[1] = capacities[1];
  live.inFlight[2] = capacities[2];
  expect(load()).toBeCloseTo(1);
  live.inFlight[0] = 0;
  const two = (capacities[1] + capacities[2]) / (capacities[0] + capacities[1] + capacities[2]);
  expect(load()).toBeCloseTo(two);
  expect(load(Uint8Array.of(1, 0, 0))).toBe(0);
  live.drained[0] = 1;
  expect(load()).toBeCloseTo(1);
  live.state[1] = HEALTH_STATE.unhealthy;
  live.inFlight[2] = 2 * capacities[2];
  expect(load()).toBeCloseTo(2);
  live.restUntilMs[2] = 200;
  expect(load()).toBe(0);
});
