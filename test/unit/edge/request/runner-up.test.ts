import { expect, test } from 'vitest';
import { runnerUpOf } from '../../../../src/edge/request/runner-up.ts';

const view = (groups: readonly number[], scores: readonly number[]) =>
  ({
    groups: Uint8Array.from(groups),
    scores: Float64Array.from(scores),
    service: { endpoints: groups.map((_, i) => ({ id: `e${i}` })) },
  }) as unknown as Parameters<typeof runnerUpOf>[0];

test.each([
  [[1, 1, 1], [0.5, 0.9, 0.7], 1, { endpoint: 'e2', score: 0.7 }],
  // One of a tie was drawn: the other may have the higher score.
  [[1, 1], [0.8, 0.81], 0, { endpoint: 'e1', score: 0.81 }],
  // What is in another group had no score in this decision.
  [[1, 2, 1], [0.5, 0.9, 0.1], 0, { endpoint: 'e2', score: 0.1 }],
  [[1, 2, 3], [0.5, 0.9, 0.1], 0, undefined],
  [[1], [0.5], 0, undefined],
])('of the groups %j with the scores %j, after %d: %j', (groups, scores, index, expected) => {
  expect(runnerUpOf(view(groups, scores), index)).toEqual(expected);
});
