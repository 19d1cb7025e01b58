import { expect, test } from 'vitest';
import { REST_RUN, restMs } from '../../../src/resilience/rest.ts';

test.each([
  [5000, REST_RUN - 1, 60_000, 0],
  [5000, REST_RUN, 60_000, 5000],
  [5000, 100, 60_000, 5000],
  [86_400_000, REST_RUN, 60_000, 60_000],
  [5000, REST_RUN, 0, 0],
])('asks for %i ms, %i in a row, at most %i: %i', (askedMs, run, maxMs, expected) => {
  expect(restMs(askedMs, run, maxMs)).toBe(expected);
});
