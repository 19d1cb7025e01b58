import type { Clock, Random } from './clock.ts';
import type { Sleep } from './loop.ts';

/** The process-wide monotonic clock in milliseconds: what one thread stores, another can compare. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * A clock that counts from `originMs` (a `monotonicMs()` of any thread). `performance.now()` starts anew in each
 * thread, so its distance from the process-wide clock is taken once; after that a reading allocates nothing.
 */
export function systemClock(originMs: number): Clock {
  const offsetMs = clocksApartMs() - originMs;
  // The global is looked up anew each time it is named.
  const { performance: here } = globalThis;
  return { nowMs: () => here.now() + offsetMs };
}

/**
 * How far the process-wide clock is ahead of this thread's. The first readings in a thread take milliseconds, since the
 * runtime gets ready for them; of a few, the one that took least time is right to microseconds.
 */
function clocksApartMs(): number {
  let leastMs = Number.POSITIVE_INFINITY;
  let apartMs = 0;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const beforeMs = monotonicMs();
    const threadMs = performance.now();
    const tookMs = monotonicMs() - beforeMs;
    if (tookMs >= leastMs) continue;
    leastMs = tookMs;
    apartMs = beforeMs + tookMs / 2 - threadMs;
  }
  return apartMs;
}

const READINGS = 8;

export const systemRandom: Random = Math.random;

/** The wall clock, for dates that people read. Never for durations. */
export function wallClockMs(): number {
  return Date.now();
}

/** Who waits for what with a signal, so that a loop that sleeps every second does not add and remove a listener every second. */
const sleepers = new WeakMap<AbortSignal, Set<() => void>>();

/** Waits `ms` by the real clock, or until the signal aborts. */
export const systemSleep: Sleep = (ms, signal) => {
  if (signal.aborted) return Promise.resolve();
  const waiting = sleepersOf(signal);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(done, ms);
  waiting.add(done);
  return promise;

  function done(): void {
    clearTimeout(timer);
    waiting.delete(done);
    resolve();
  }
};

/**
 * Waits about `ms`, or until the signal aborts: a long wait ends at the nearest step of a grid that all such waits of a thread share,
 * so that loops with like periods wake the thread together. So does one of a step, give or take what jitter does. Any other of less
 * than two steps is waited as asked for, or periods would be off by too much.
 */
export const sleepInStep: Sleep = (ms, signal) => {
  if (ms < STEPPED_FROM_MS && Math.abs(ms - STEP_MS) > ONE_STEP_OFF_MS) return systemSleep(ms, signal);
  const nowMs = performance.now();
  return systemSleep(Math.round((nowMs + ms) / STEP_MS) * STEP_MS - nowMs, signal);
};

const STEP_MS = 250;
/** A loop of a step, shortened or stretched by its jitter, is in step … */
const ONE_STEP_OFF_MS = 25;
/** … and so is one of half a second. */
const STEPPED_FROM_MS = 450;

function sleepersOf(signal: AbortSignal): Set<() => void> {
  const known = sleepers.get(signal);
  if (known !== undefined) return known;
  const waiting = new Set<() => void>();
  sleepers.set(signal, waiting);
  signal.addEventListener('abort', () => wake(waiting), { once: true });
  return waiting;
}

function wake(waiting: ReadonlySet<() => void>): void {
  for (const done of waiting) done();
}

/** The system's monotonic clock (`CLOCK_MONOTONIC`) in microseconds, as other processes of this machine read it. */
export function monotonicUs(): bigint {
  return process.hrtime.bigint() / 1000n;
}
