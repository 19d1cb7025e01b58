import { expect, test } from 'vitest';
import { isOfEdge } from '../../../src/observe/alert.ts';

test('that an edge is cut off is about that edge; everything else is about what all edges see', () => {
  expect(isOfEdge({ rule: 'cut_off' })).toBe(true);
  expect((['cloud_down', 'edge_missing', 'budget_burn', 'raised'] as const).some((rule) => isOfEdge({ rule }))).toBe(
    false,
  );
});
