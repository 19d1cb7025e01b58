import type { Clock } from '../../src/table/clock.ts';

/*
 * Time that passes only while this thread runs. On a busy machine a thread may be held up for longer than a timeout, and then finds the timer due before
 * it has read the bytes that came meanwhile. Here two beats are never further apart than `BEAT_MS_MAX`, however long the thread was held up between them. An edge,
 * an origin and a client that share a thread and all go by this clock therefore meet in the same order on any machine.
 */
const BEAT_MS = 5;
const BEAT_MS_MAX = 10;

let countedMs = 0;
let beatAtMs = performance.now();
const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();

setInterval(beat, BEAT_MS).unref();

/** Milliseconds that this thread has been running for, or idle, since the module was loaded. Monotonic. */
export const steadyClock: Clock = {
  nowMs: () => countedMs + Math.min(performance.now() - beatAtMs, BEAT_MS_MAX),
};

/** Waits `ms` milliseconds of the steady clock. */
export async function steadySleep(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  sleepers.add({ untilMs: steadyClock.nowMs() + ms, wake: resolve });
  await promise;
}

function beat(): void {
  const nowMs = performance.now();
  countedMs += Math.min(nowMs - beatAtMs, BEAT_MS_MAX);
  beatAtMs = nowMs;
  for (const sleeper of sleepers) {
    if (sleeper.untilMs > countedMs) continue;
    sleepers.delete(sleeper);
    sleeper.wake();
  }
}
