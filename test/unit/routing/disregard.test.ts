import { expect, test } from 'vitest';
import { disregardsHealth } from '../../../src/routing/disregard.ts';
import { isPanic, select } from '../../../src/routing/select.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { Dice } from '../../fuzz/dice.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds, topologyOf } from '../../support/topology.ts';

const HALF = { service: 'routing: { panic_below: 50% }' };

test.each([
  [[1, 1, 1], false],
  [[1, 1, 0], false],
  [[1, 0, 0], true],
  [[0, 0, 0], true],
])('with %j healthy of three: %s', (healthy, expected) => {
  const { view, live } = stageOf(threeClouds(HALF));
  for (const [i, is] of healthy.entries()) if (is === 0) live.columns.state[i] = HEALTH_STATE.unhealthy;
  expect(disregardsHealth(view, live, askOf(view, 5), 0.5)).toBe(expected);
});

test('it goes by capacity, and only by those that may serve the client', () => {
  const { view, live } = stageOf(threeClouds(HALF));
  live.columns.state[1] = HEALTH_STATE.unhealthy;
  live.columns.state[2] = HEALTH_STATE.unhealthy;
  live.columns.capacity[0] = 200;
  expect(disregardsHealth(view, live, askOf(view, 5), 0.5)).toBe(false);
  live.columns.capacity[0] = 100;
  expect(disregardsHealth(view, live, askOf(view, 5, { allowed: Uint8Array.of(1, 1, 0) }), 0.5)).toBe(false);
  live.columns.drained[2] = 1;
  expect(disregardsHealth(view, live, askOf(view, 5), 0.5)).toBe(false);
});

test('a lower tier that is well takes what a sick one cannot', () => {
  const { view, live } = stageOf(
    topologyOf(`version: 1
services:
  shop:
    routing: { panic_below: 50% }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1" }
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.2" }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.3", tier: 2 }
`),
  );
  live.columns.state[0] = HEALTH_STATE.unhealthy;
  live.columns.state[1] = HEALTH_STATE.unhealthy;
  const ask = askOf(view, 5);
  expect(select(view, live, ask)).toBe(2);
  expect(ask.disregards).toBe(false);
});

test('the one that seems well gets its part by capacity, and the others are tried in panic', () => {
  const { view, live } = stageOf(threeClouds(HALF));
  const { columns } = live;
  columns.state[1] = HEALTH_STATE.unhealthy;
  columns.health[2] = 0.1;
  columns.capacity.set([100, 200, 100]);
  const dice = new Dice(1, 0);
  const counts = [0, 0, 0];
  for (let n = 0; n < 20_000; n += 1) {
    const ask = askOf(view, [1, 200, 100], { draw: dice.below(2 ** 30) / 2 ** 30 });
    const chosen = select(view, live, ask);
    counts[chosen] = (counts[chosen] as number) + 1;
    expect(isPanic(view, chosen)).toBe(chosen !== 0);
  }
  expect(counts.map((count) => Math.round(count / 200))).toEqual([25, 50, 25]);
});
