import { expect, test } from 'vitest';
import { RUNNERS_UP_MAX, runnerUpOf } from '../../../../src/edge/request/runner-up.ts';
import { scoreOf, select } from '../../../../src/routing/select.ts';
import { askOf, stageOf } from '../../../support/stage.ts';
import { threeClouds, topologyOf } from '../../../support/topology.ts';

/** What the log would say of a decision between endpoints that are so far away. */
function decided(ms: readonly number[], on = stageOf(threeClouds())) {
  const { view, live } = on;
  const ask = askOf(view, ms);
  const index = select(view, live, ask);
  const runnerUp = runnerUpOf(view, index, live, ask);
  const scores = view.service.endpoints.map(({ id }, i) => ({ endpoint: id, score: scoreOf(view, i, live, ask) }));
  return { index, runnerUp, scores };
}

test.each([
  ['far apart, so that the decision compared nobody', [10, 120, 60], 0, 2],
  ['nearly as good', [10, 11, 120], 0, 1],
  ['all equal', [20, 20, 20], undefined, undefined],
])('%s: the best of the others, with its score', (_, ms, first, second) => {
  const { index, runnerUp, scores } = decided(ms);
  if (first !== undefined) expect(index).toBe(first);
  if (second !== undefined) expect(runnerUp?.endpoint).toBe(scores[second]?.endpoint);
  expect(runnerUp).toEqual(scores.find(({ endpoint }) => endpoint === runnerUp?.endpoint));
  expect(runnerUp?.endpoint).not.toBe(scores[index]?.endpoint);
});

test('nobody where all others are in later groups, or there are none', () => {
  const on = stageOf(threeClouds());
  on.table.live.drained.fill(1, 1);
  expect(decided([10, 20, 30], on).runnerUp).toBeUndefined();
});

test('of very many, only one that the decision has compared', () => {
  const endpoints = Array.from(
    { length: RUNNERS_UP_MAX + 2 },
    (_, i) => `{ cloud: aws, region: r${i}, lat: 0, lon: ${i}, url: "http://a${i}" }`,
  );
  const on = stageOf(topologyOf(`version: 1\nservices: { s: { endpoints: [${endpoints.join(', ')}] } }`));
  const far = endpoints.map((_, i) => (i === 0 ? 10 : 150));
  expect(decided(far, on)).toMatchObject({ index: 0, runnerUp: undefined });
  expect(decided([10, 10.1, ...far.slice(2)], on).runnerUp).toBeDefined();
});
