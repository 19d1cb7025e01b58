import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { monotonicMs, systemClock, systemRandom, systemSleep, wallClockMs } from '../../../src/table/system-clock.ts';

test('the clock counts from its origin and never goes back', () => {
  const originMs = monotonicMs() - 5000;
  const clock = systemClock(originMs);
  let last = clock.nowMs();
  expect(last).toBeGreaterThanOrEqual(4999);
  expect(last).toBeLessThan(6000);
  for (let i = 0; i < 1000; i += 1) {
    const now = clock.nowMs();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

test('two threads read the same time', async () => {
  const originMs = monotonicMs();
  const clock = systemClock(originMs);
  const thread = new Worker(new URL('../../support/clock-thread.ts', import.meta.url), { workerData: { originMs } });
  try {
    for (let round = 0; round < 5; round += 1) {
      const beforeMs = clock.nowMs();
      thread.postMessage('what time is it');
      const [theirs] = (await once(thread, 'message')) as [number];
      // The thread's reading was taken between the two of ours, give or take what the distance of clocks is taken with.
      expect(theirs).toBeGreaterThan(beforeMs - 1);
      expect(theirs).toBeLessThan(clock.nowMs() + 1);
    }
  } finally {
    await thread.terminate();
  }
});

test('a sleep lasts as long as it says', async () => {
  const startMs = monotonicMs();
  await systemSleep(20, new AbortController().signal);
  // Timers count whole milliseconds.
  expect(monotonicMs() - startMs).toBeGreaterThanOrEqual(19);
});

test('a sleep ends at once when its signal aborts, or has aborted before', async () => {
  const stop = new AbortController();
  const asleep = systemSleep(60_000, stop.signal);
  stop.abort();
  await asleep;
  await systemSleep(60_000, stop.signal);
});

test('chance is in [0, 1), and the wall clock is that of the system', () => {
  for (let i = 0; i < 100; i += 1) {
    const draw = systemRandom();
    expect(draw >= 0 && draw < 1).toBe(true);
  }
  expect(Math.abs(wallClockMs() - Date.now())).toBeLessThan(1000);
});
