import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import {
  monotonicMs,
  sleepInStep,
  systemClock,
  systemRandom,
  systemSleep,
  wallClockMs,
} from '../../../src/table/system-clock.ts';

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

test('long sleeps end in step with each other, near what they ask for; short ones are as asked for', async () => {
  vi.useFakeTimers();
  try {
    const { signal } = new AbortController();
    const startMs = performance.now();
    const endedMs = new Map<number, number>();
    const asked = [40, 300, 440, 228, 270, 460, 905, 960, 1010, 1075, 5100];
    for (const ms of asked) void sleepInStep(ms, signal).then(() => endedMs.set(ms, performance.now() - startMs));
    await vi.advanceTimersByTimeAsync(6000);
    expect(endedMs.get(40)).toBe(40);
    expect([300, 440].map((ms) => endedMs.get(ms))).toEqual([300, 440]);
    for (const ms of asked.slice(3)) expect(Math.abs((endedMs.get(ms) as number) - ms)).toBeLessThanOrEqual(126);
    // Eight waits wake the thread five times at most.
    const wakes = asked
      .slice(3)
      .map((ms) => Math.round(((endedMs.get(ms) as number) - (endedMs.get(960) as number)) % 250));
    expect(new Set(wakes.map(Math.abs))).toEqual(new Set([0]));
  } finally {
    vi.useRealTimers();
  }
});

test('chance is in [0, 1), and the wall clock is that of the system', () => {
  for (let i = 0; i < 100; i += 1) {
    const draw = systemRandom();
    expect(draw >= 0 && draw < 1).toBe(true);
  }
  expect(Math.abs(wallClockMs() - Date.now())).toBeLessThan(1000);
});
