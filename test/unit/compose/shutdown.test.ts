import { expect, test } from 'vitest';
import type { EdgeThreads } from '../../../src/compose/edge-threads.ts';
import { NOTICE_MAX_MS, NOTICE_SHARE, Shutdown } from '../../../src/compose/shutdown.ts';

/** A shutdown with everything around it faked; sleeps end when the test says so, or when they are aborted. */
function staged(drainMs: number, lameDuckMs = 0) {
  const told: string[] = [];
  const phases: string[] = [];
  const sleeps: { ms: number; wake: () => void }[] = [];
  const stopped = Promise.withResolvers<void>();
  const threads = {
    drain: () => told.push('drain'),
    stop: () => {
      told.push('stop');
      return stopped.promise;
    },
    cut: async () => void told.push('cut'),
  };
  const shutdown = new Shutdown({
    drainMs: () => drainMs,
    lameDuckMs: () => lameDuckMs,
    unready: () => void told.push('unready'),
    entered: (phase, forMs) => void phases.push(`${phase} ${forMs}`),
    threads: threads as unknown as EdgeThreads,
    sleep: (ms, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      told.push(`sleep ${ms}`);
      sleeps.push({ ms, wake: resolve });
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
      return promise;
    },
    end: async () => void told.push('end'),
  });
  return { told, phases, sleeps, stopped, shutdown };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('it serves on while that is noticed, then takes no more, and ends when the last has gone', async () => {
  const { told, phases, sleeps, stopped, shutdown } = staged(10_000);
  expect(shutdown.begun).toBe(false);
  const done = shutdown.stop();
  expect(shutdown.begun).toBe(true);
  await turn();
  expect(told).toEqual(['unready', 'drain', 'sleep 2000']);
  sleeps[0]?.wake();
  await turn();
  expect(told.slice(3)).toEqual(['stop', 'sleep 8000']);
  stopped.resolve();
  await done;
  expect(told.slice(5)).toEqual(['cut', 'end']);
  expect(phases).toEqual(['draining 10000']);
});

test('what has not gone when the time is over is cut off', async () => {
  const { told, sleeps, shutdown } = staged(10_000);
  const done = shutdown.stop();
  await turn();
  sleeps[0]?.wake();
  await turn();
  sleeps[1]?.wake();
  await done;
  expect(told.slice(3)).toEqual(['stop', 'sleep 8000', 'cut', 'end']);
});

test.each([
  [10_000, 10_000 * NOTICE_SHARE],
  [60_000, NOTICE_MAX_MS],
  [0, 0],
])('of %d ms, %d are for being noticed', async (drainMs, noticeMs) => {
  const { sleeps, shutdown } = staged(drainMs);
  void shutdown.stop();
  await turn();
  expect(sleeps[0]?.ms).toBe(noticeMs);
  sleeps[0]?.wake();
  await turn();
  expect(sleeps[1]?.ms).toBe(drainMs - noticeMs);
});

test('a second call waits no longer, and both learn of the end', async () => {
  const { told, shutdown } = staged(10_000);
  const first = shutdown.stop();
  await turn();
  const second = shutdown.stop();
  await Promise.all([first, second]);
  expect(told).toEqual(['unready', 'drain', 'sleep 2000', 'stop', 'sleep 8000', 'cut', 'end']);
});

test('force ends at once, whether it was asked to stop before or not', async () => {
  const fresh = staged(10_000);
  await fresh.shutdown.force();
  expect(fresh.told.at(-1)).toBe('end');
  expect(fresh.shutdown.begun).toBe(true);
  const stopping = staged(10_000);
  const done = stopping.shutdown.stop();
  await stopping.shutdown.force();
  await done;
  expect(stopping.told.filter((one) => one === 'end')).toHaveLength(1);
});

test('a lame duck says so and serves on as ever before it drains', async () => {
  const { told, sleeps, stopped, shutdown } = staged(10_000, 20_000);
  const done = shutdown.stop();
  await turn();
  expect(told).toEqual(['unready', 'sleep 20000']);
  expect([shutdown.begun, shutdown.phase]).toEqual([true, 'lame-duck']);
  sleeps[0]?.wake();
  await turn();
  expect(shutdown.phase).toBe('draining');
  expect(told.slice(2)).toEqual(['drain', 'sleep 2000']);
  sleeps[1]?.wake();
  stopped.resolve();
  await done;
  expect(told.slice(-2)).toEqual(['cut', 'end']);
});

test('a second call ends the lame duck and no more, a third cuts off', async () => {
  const { told, shutdown } = staged(10_000, 20_000);
  void shutdown.stop();
  await turn();
  void shutdown.stop();
  await turn();
  expect([shutdown.phase, told.at(-1)]).toEqual(['draining', 'sleep 2000']);
  await shutdown.stop();
  expect(shutdown.phase).toBe('cutting');
  expect(told.slice(-4)).toEqual(['stop', 'sleep 8000', 'cut', 'end']);
});

test('force leaves the lame duck out', async () => {
  const fresh = staged(10_000, 20_000);
  await fresh.shutdown.force();
  expect(fresh.told).not.toContain('sleep 20000');
  const lame = staged(10_000, 20_000);
  const done = lame.shutdown.stop();
  await turn();
  await lame.shutdown.force();
  await done;
  expect(lame.told.slice(-2)).toEqual(['cut', 'end']);
});

test('each phase is told when it begins, with the time that it may take', async () => {
  const slow = staged(10_000, 20_000);
  void slow.shutdown.stop();
  await turn();
  slow.sleeps[0]?.wake();
  await turn();
  slow.sleeps[1]?.wake();
  await turn();
  slow.sleeps[2]?.wake();
  await turn();
  expect(slow.phases).toEqual(['lame-duck 20000', 'draining 10000', 'cutting 0']);
  const forced = staged(10_000, 20_000);
  void forced.shutdown.stop();
  void forced.shutdown.stop();
  await turn();
  void forced.shutdown.force();
  await turn();
  expect(forced.phases).toEqual(['lame-duck 20000', 'draining 10000', 'cutting 0']);
});
