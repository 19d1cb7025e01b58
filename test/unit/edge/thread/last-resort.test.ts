import { expect, test } from 'vitest';
import { connectionFailed, lastResort, UNCAUGHT_MAX, WINDOW_MS } from '../../../../src/edge/thread/last-resort.ts';

test('a thread outlives faults of its connections, but not when it does nothing else any more', () => {
  let nowMs = 0;
  const told: unknown[] = [];
  const survives = lastResort({ nowMs: () => nowMs }, (error) => told.push(error));
  for (let i = 0; i < UNCAUGHT_MAX; i += 1) expect(survives(i)).toBe(true);
  expect(survives('one too many')).toBe(false);
  nowMs += WINDOW_MS + 1;
  expect(survives('later')).toBe(true);
  expect(told).toHaveLength(UNCAUGHT_MAX + 2);
});

test('what is told of one has its stack', () => {
  expect(JSON.stringify(connectionFailed(new Error('odd')))).toMatch(/Error: odd\\n +at /);
  expect(connectionFailed('a string')).toEqual({ type: 'connection-failed', error: 'a string' });
});
