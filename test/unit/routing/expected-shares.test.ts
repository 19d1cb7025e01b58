import { expect, test } from 'vitest';
import { expectedShares } from '../../../src/routing/expected-shares.ts';
import { priorityOf } from '../../../src/routing/priorities.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const sharesOf = (stage: Stage, ms: readonly number[] | number, priority?: string) => {
  const weights = priorityOf(stage.view, priority).weights;
  return [...expectedShares(stage.view, stage.live, askOf(stage.view, ms, { weights }))];
};

test('what is far gets nothing, whatever recent requests were', () => {
  expect(sharesOf(stageOf(threeClouds()), [5, 90, 160])).toEqual([1, 0, 0]);
  expect(sharesOf(stageOf(threeClouds()), [5, 90, 160], 'reliability')).toEqual([1, 0, 0]);
});

test('equals share, and so do clouds that are nearly as near', () => {
  for (const share of sharesOf(stageOf(threeClouds()), 10)) expect(share).toBeCloseTo(1 / 3, 1);
  const [aws = 0, gcp = 0, azure = 1] = sharesOf(stageOf(threeClouds()), [5, 20, 160], 'reliability');
  expect(aws).toBeGreaterThan(0.4);
  expect(gcp).toBeGreaterThan(0.3);
  expect(azure).toBe(0);
});

test('an operator’s weight and a ramp are in it', () => {
  const stage = stageOf(threeClouds());
  stage.table.live.weight[0] = 0.25;
  const [aws = 0, gcp = 0] = sharesOf(stage, [5, 90, 160]);
  expect(aws).toBeCloseTo(0.25, 1);
  expect(gcp).toBeCloseTo(0.75, 1);
});

test('nobody has a share of requests that nobody may get', () => {
  const stage = stageOf(threeClouds());
  stage.table.live.drained.fill(1, 0, 3);
  expect(sharesOf(stage, 10)).toEqual([0, 0, 0]);
  stage.table.live.drained.fill(0, 0, 3);
  stage.table.live.state.fill(HEALTH_STATE.unhealthy, 0, 2);
  expect(sharesOf(stage, 10)).toEqual([0, 0, 1]);
});
