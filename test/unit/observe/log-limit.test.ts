import { expect, test } from 'vitest';
import { KINDS_MAX, LOG_EVERY_MS, LogLimit } from '../../../src/observe/log-limit.ts';
import type { Event } from '../../../src/table/event.ts';

function limited() {
  const written: Event[] = [];
  const at = { nowMs: 0 };
  const limit = new LogLimit(
    (event) => written.push(event),
    () => at.nowMs,
  );
  return { written, at, limit };
}

const dropped = (count: number): Event => ({ type: 'connections-dropped', reason: 'limit', count });
const bug = (where: string): Event => ({ type: 'bug', where, count: 1, error: 'e' });

test('what repeats itself is written at once, and then once a minute with how many there were', () => {
  const { written, at, limit } = limited();
  limit.event(dropped(3));
  for (at.nowMs = 1000; at.nowMs < LOG_EVERY_MS; at.nowMs += 1000) limit.event(dropped(2));
  expect(written).toEqual([dropped(3)]);
  limit.event(dropped(1));
  expect(written).toEqual([dropped(3), dropped(2 * 59 + 1)]);
});

test('kinds are told apart, up to a limit', () => {
  const { written, limit } = limited();
  limit.event(dropped(1));
  limit.event({ type: 'connections-dropped', reason: 'handshakes', count: 1 });
  limit.event({ type: 'descriptors-exhausted', error: 'EMFILE' });
  limit.event({ type: 'descriptors-exhausted', error: 'EMFILE' });
  for (let i = 0; i < 2 * KINDS_MAX; i += 1) limit.event(bug(`place ${i}`));
  expect(written).toHaveLength(KINDS_MAX + 1);
});

test('handshakes that fail are not written, and everything else is', () => {
  const { written, limit } = limited();
  limit.event({ type: 'connections-dropped', reason: 'handshake-failed', count: 9 });
  const started: Event = { type: 'worker-started', worker: 1 };
  for (let i = 0; i < 3; i += 1) limit.event(started);
  expect(written).toEqual([started, started, started]);
});
