import { expect, test } from 'vitest';
import { select } from '../../../src/routing/select.ts';
import { tiersOf } from '../../../src/routing/tiers.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

const STANDBY = topologyOf(`version: 1
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1" }
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.2" }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.3", tier: 2 }
`);

test('tiers count from 0 here', () => {
  expect([...tiersOf(STANDBY.services[0] as (typeof STANDBY.services)[number])]).toEqual([0, 0, 1]);
});

test('a standby that is nearer takes nothing as long as somebody above can', () => {
  const { view, live } = stageOf(STANDBY);
  const far = [100, 100, 1];
  expect(select(view, live, askOf(view, far))).not.toBe(2);
  live.columns.drained[0] = 1;
  expect(select(view, live, askOf(view, far))).toBe(1);
  // A failover stays above, too.
  live.columns.drained[0] = 0;
  expect(select(view, live, askOf(view, far, { tried: [0] }))).toBe(1);
  expect(select(view, live, askOf(view, far, { tried: [0, 1] }))).toBe(2);
});

test.each(['state', 'inFlight', 'health', 'room'] as const)(
  'it takes what the tier above cannot, by its %s',
  (what) => {
    const { view, live } = stageOf(STANDBY);
    const { columns } = live;
    for (const row of [0, 1]) {
      if (what === 'state') columns.state[row] = HEALTH_STATE.unhealthy;
      if (what === 'inFlight') columns.inFlight[row] = 300;
      if (what === 'health') columns.health[row] = 0.1;
      if (what === 'room') columns.room[row] = 0;
    }
    expect(select(view, live, askOf(view, [1, 1, 100]))).toBe(2);
  },
);

test('when all seem down, tiers do not count', () => {
  const { view, live } = stageOf(STANDBY);
  live.columns.health.fill(0.1);
  const chosen = new Set([0, 0.3, 0.6, 0.9].map((draw) => select(view, live, askOf(view, 1, { draw }))));
  expect(chosen).toEqual(new Set([0, 1, 2]));
});
