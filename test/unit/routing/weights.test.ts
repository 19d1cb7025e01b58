import { expect, test } from 'vitest';
import { select } from '../../../src/routing/select.ts';
import { isHeldBack, weightOf, weightsOf } from '../../../src/routing/weights.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds, topologyOf } from '../../support/topology.ts';

const CANARY = topologyOf(`version: 1
routing: { cloud_weights: { gcp: 50% } }
services:
  shop:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1" }
      - { cloud: gcp, region: us-east4, url: "http://10.0.0.2", weight: 10% }
`);

test("an endpoint's weight, times its cloud's, times an operator's", () => {
  const { view, live } = stageOf(CANARY);
  expect([...weightsOf(view.service)]).toEqual([1, 0.05]);
  live.columns.weight[view.rows[1] as number] = 0.5;
  expect(weightOf(view, 1, live.columns)).toBeCloseTo(0.025);
});

test('it gets that share of what its score would give it, and all when it is alone', () => {
  const { view, live } = stageOf(CANARY);
  const near = [200, 1];
  const chosen = (share: number) => select(view, live, askOf(view, near, { share }));
  expect([0, 0.0499, 0.05, 0.9].map(chosen)).toEqual([1, 1, 0, 0]);
  expect(isHeldBack(view, 1, live.columns, askOf(view, near, { share: 0.05 }))).toBe(true);
  live.columns.drained[view.rows[0] as number] = 1;
  expect(chosen(0.9)).toBe(1);
});

test('a service that names no weights has none', () => {
  const { view } = stageOf(threeClouds());
  expect([...view.weights]).toEqual([1, 1, 1]);
});
