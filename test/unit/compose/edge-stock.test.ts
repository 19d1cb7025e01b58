import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endEarly, startEarly, takeThread } from '../../../src/compose/edge-stock.ts';
import type { EdgeBirth } from '../../../src/compose/protocol.ts';

/** A birth that no thread can live with: that it fails at once shows that it got it. */
const STILLBORN = { worker: 0, shared: undefined } as unknown as EdgeBirth;

test('a thread that was started early is taken before another is started, and gets what it is born with', async () => {
  startEarly(1);
  const [early, late] = [takeThread(STILLBORN), takeThread(STILLBORN)];
  expect(late.threadId).toBeGreaterThan(early.threadId);
  const [one, other] = await Promise.all([once(early, 'error'), once(late, 'error')]);
  expect(String(one[0])).toContain('undefined');
  expect(String(other[0])).toContain('undefined');
});

test('those that nobody takes are ended, and none of the others', async () => {
  startEarly(2);
  const taken = takeThread(STILLBORN);
  const ended = once(taken, 'error');
  await endEarly();
  await ended;
  startEarly(1);
  await endEarly();
  const next = takeThread(STILLBORN);
  expect(next.threadId).toBeGreaterThan(taken.threadId);
  await once(next, 'error');
});
