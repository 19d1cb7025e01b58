import { expect, test } from 'vitest';
import { ThreadCounts, UNCAUGHT } from '../../../src/observe/thread-counts.ts';
import { valuesOf } from './samples.ts';

test('every kind is there at 0, and grows by what is counted', () => {
  const counts = new ThreadCounts();
  const values = (name: string) => valuesOf(counts.families(), name);
  expect(values('meridian_bugs_total')).toEqual({ [UNCAUGHT]: 0 });
  expect(values('meridian_worker_restarts_total')).toEqual({ '': 0 });
  counts.onEvent({ type: 'connections-dropped', reason: 'limit', count: 3 });
  counts.onEvent({ type: 'worker-failed', worker: 0, error: '' });
  counts.onEvent({ type: 'bug', where: 'here', count: 2, error: '' });
  counts.onEvent({ type: 'panic', service: 'shop', count: 1 });
  expect(values('meridian_connections_dropped_total')).toMatchObject({ limit: 3, handshakes: 0 });
  expect(values('meridian_worker_restarts_total')).toEqual({ '': 1 });
  expect(values('meridian_bugs_total')).toEqual({ [UNCAUGHT]: 1, here: 2 });
});
