import { expect, test } from 'vitest';
import { freshAsk } from '../../../src/routing/fresh-ask.ts';
import { NOBODY, select } from '../../../src/routing/select.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

test('nothing is filled in: nobody stays with anybody, nothing is fenced or tried, and each has an own list of tries', () => {
  const { view, live } = stageOf(
    topologyOf(`version: 1
edge: { region: aws/us-east-1 }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1" }] } }
`),
  );
  const [one, other] = [freshAsk(view, { nowMs: 7, mayProbe: true }), freshAsk(view, { nowMs: 0, mayProbe: false })];
  expect(one).toMatchObject({ nowMs: 7, mayProbe: true, allowed: undefined, tried: [], weights: view.defaultWeights });
  expect(other.mayProbe).toBe(false);
  expect(one.shares).toHaveLength(view.cloudCount);
  one.tried.push(0);
  expect(other.tried).toEqual([]);
  const row = view.rows[0] as number;
  live.columns.state[row] = HEALTH_STATE.healthy;
  live.columns.health[row] = 1;
  const latency = { ms: Float64Array.of(5), factors: Float64Array.of(1), region: 0 };
  expect(select(view, live, { ...other, latency })).toBe(0);
  expect(select(view, live, { ...one, latency })).toBe(NOBODY);
});
