import { expect, test } from 'vitest';
import { NOTES_MAX, StatusNotes } from '../../../src/compose/status-notes.ts';
import type { Event } from '../../../src/table/event.ts';

const state = (endpoint: string, reason: string): Event => {
  return { type: 'endpoint-state', endpoint, from: 'healthy', to: 'unhealthy', health: 0, reason };
};

test('of an endpoint is known since when it is as it is, and why; of a breaker, since when, by whom and why', () => {
  const now = { ms: 100 };
  const notes = new StatusNotes(() => now.ms);
  expect([notes.endpoint('a'), notes.breaker('shop', 'aws', '')]).toEqual([undefined, undefined]);
  notes.onEvent(state('a', 'refused'));
  now.ms = 200;
  notes.onEvent(state('a', 'slow'));
  const moved = { type: 'breaker-moved', service: 'shop', cloud: 'aws', from: 'closed', to: 'open', by: 'b' } as const;
  notes.onEvent({ ...moved, scope: 'cloud', region: '', cause: 'answered 500' });
  now.ms = 300;
  notes.onEvent({ ...moved, scope: 'endpoint', region: 'us-east-1', cause: 'reset: ECONNRESET' });
  expect(notes.endpoint('a')).toEqual({ sinceMs: 200, reason: 'slow' });
  expect([notes.breaker('shop', 'aws', ''), notes.breaker('shop', 'aws', 'us-east-1')]).toEqual([
    { sinceMs: 200, by: 'b', cause: 'answered 500' },
    { sinceMs: 300, by: 'b', cause: 'reset: ECONNRESET' },
  ]);
});

test('of the process: when it began, when the file was read, and what waits for a restart', () => {
  const now = { ms: 100 };
  const notes = new StatusNotes(() => now.ms);
  now.ms = 200;
  notes.onEvent({ type: 'reloaded', file: 'f', services: 1, endpoints: 1 });
  notes.onEvent({ type: 'restart-needed', keys: ['log'] });
  expect(notes.process).toEqual({ startedMs: 100, reloadedMs: 200, restartNeeded: ['log'] });
  notes.onEvent({ type: 'reloaded', file: 'f', services: 1, endpoints: 1 });
  expect(notes.process.restartNeeded).toEqual([]);
});

test('there is a limit, and what was heard of last stays', () => {
  const notes = new StatusNotes(() => 0);
  for (let i = 0; i <= NOTES_MAX; i += 1) notes.onEvent(state(`e${i}`, ''));
  expect([notes.endpoint('e0'), notes.endpoint(`e${NOTES_MAX}`)]).toEqual([undefined, { sinceMs: 0, reason: '' }]);
});
