import { expect, test } from 'vitest';
import { isThreadEvent, threadMessage } from '../../../src/observe/thread-message.ts';
import { DROP_REASONS, type Event } from '../../../src/table/event.ts';

test.each(DROP_REASONS)('connections dropped for %s are a warning that says why', (reason) => {
  const { level, message } = threadMessage({ type: 'connections-dropped', reason, count: 7 });
  expect(level).toBe('warn');
  expect(message).toMatch(/^7 client connections were dropped: \S+/);
});

test.each<[Event, string, RegExp]>([
  [{ type: 'descriptors-exhausted', error: 'EMFILE' }, 'error', /EMFILE.*ulimit -n/],
  [{ type: 'bug', where: 'permit', count: 1, error: 'at a.ts' }, 'error', /a bug in permit.*at a\.ts/],
  [
    { type: 'worker-failed', worker: 1, error: 'Error: x' },
    'error',
    /thread 1 .*another one takes its place.*Error: x/,
  ],
  [{ type: 'worker-started', worker: 1 }, 'info', /edge thread 1 serves/],
  [{ type: 'worker-died', worker: 1, error: 'it ended' }, 'error', /edge thread 1 died: it ended/],
])('%s', (event, level, message) => {
  if (!isThreadEvent(event)) throw new Error('not about threads');
  const words = threadMessage(event);
  expect(words.level).toBe(level);
  expect(words.message).toMatch(message);
});

test('other events are not about threads', () => {
  expect(isThreadEvent({ type: 'panic', service: 'shop', count: 1 })).toBe(false);
});
