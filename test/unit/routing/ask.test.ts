import { expect, test } from 'vitest';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

test('what a decision reads is what the table holds now', () => {
  const { table, live } = stageOf(threeClouds());
  const at = { nowMs: 0, policy: { failures: 1, successes: 1, openMs: 10, probes: 1 } };
  table.live.health[2] = 0.25;
  expect(live.columns.health[2]).toBe(0.25);
  live.endpointCells.report(2, 0, 'failure', at);
  live.cloudCells.report(1, 0, 'failure', at);
  expect([...table.live.breaker].flatMap((word, row) => (word === 0 ? [] : [row]))).toEqual([2]);
  expect([...table.live.cloudBreaker].flatMap((word, cloud) => (word === 0 ? [] : [cloud]))).toEqual([1]);
  expect([table.live.breakerUntilMs[2], table.live.cloudBreakerUntilMs[1]]).toEqual([10, 10]);
});
