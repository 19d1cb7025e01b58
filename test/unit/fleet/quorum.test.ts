import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCutOff, OPINIONS_MIN, quorumOf, seenOf } from '../../../src/fleet/quorum.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';

test.each([
  ['down', 2, 0, 'up', true],
  ['down', 2, 1, 'split', false],
  ['down', 3, 1, 'up', true],
  ['down', 0, 2, 'down', false],
  ['up', 1, 1, 'up', false],
  ['up', 0, 2, 'down', false],
  ['unknown', 2, 1, 'up', false],
  ['unknown', 0, 3, 'down', false],
] as const)('%s here, %d others up and %d down: %s', (here, up, down, quorum, cutOff) => {
  expect(quorumOf({ here, up, down, unknown: 9 })).toBe(quorum);
  expect(isCutOff({ here, up, down, unknown: 9 })).toBe(cutOff);
});

test.each([
  ['down', 1, 0],
  ['down', 0, 1],
  ['down', 0, 0],
  ['unknown', 2, 0],
] as const)('%s here, %d up and %d down are too few opinions', (here, up, down) => {
  expect(quorumOf({ here, up, down, unknown: 5 })).toBe('none');
  expect(isCutOff({ here, up, down, unknown: 5 })).toBe(false);
});

test('an edge is never cut off from what most do not see up, nor when it sees it up itself', () => {
  const here = fc.constantFrom('up', 'down', 'unknown' as const);
  fc.assert(
    fc.property(here, fc.nat(9), fc.nat(9), fc.nat(9), (own, up, down, unknown) => {
      const cutOff = isCutOff({ here: own, up, down, unknown });
      expect(cutOff).toBe(own === 'down' && up > down + 1 && up + down + 1 >= OPINIONS_MIN);
    }),
  );
});

test('an endpoint that answers badly is up all the same', () => {
  const seen = Object.entries(HEALTH_STATE).map(([name, state]) => [name, seenOf(state)]);
  expect(Object.fromEntries(seen)).toEqual({ unknown: 'unknown', healthy: 'up', degraded: 'up', unhealthy: 'down' });
});
