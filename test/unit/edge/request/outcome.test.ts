import { expect, test } from 'vitest';
import { isFailure, outcomeOf } from '../../../../src/edge/request/outcome.ts';

test.each([
  [200, false],
  [404, false],
  [500, true],
  [501, false],
  [503, true],
  [505, false],
])('an answer with %i is a failure of its endpoint: %s', (status, failure) => {
  expect(isFailure(status)).toBe(failure);
});

test('a fault is counted as what it is, and one that reached no endpoint as unreachable', () => {
  expect(outcomeOf({ kind: 'reset', sent: 'some', cause: '' })).toBe('reset');
  for (const kind of ['no-candidate', 'no-service', 'loop'] as const) {
    expect(outcomeOf({ kind, sent: 'nothing', cause: '' })).toBe('unreachable');
  }
});
