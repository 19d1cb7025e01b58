import type { Clock } from '../../table/clock.ts';
import type { Event } from '../../table/event.ts';

/** So many errors that nobody caught a thread outlives within `WINDOW_MS`; after that it ends, and a new one takes its place. */
export const UNCAUGHT_MAX = 100;
export const WINDOW_MS = 10_000;

/**
 * What is done with an error that nobody caught: a fault in the callbacks of one connection is told of and must not end the
 * thread, on which all other connections are. A thread that does nothing else any more is better replaced. Returns
 * whether the thread may live on.
 */
export function lastResort(clock: Clock, told: (error: unknown) => void): (error: unknown) => boolean {
  let sinceMs = clock.nowMs();
  let seen = 0;
  return (error) => {
    const nowMs = clock.nowMs();
    if (nowMs - sinceMs > WINDOW_MS) {
      sinceMs = nowMs;
      seen = 0;
    }
    seen += 1;
    told(error);
    return seen <= UNCAUGHT_MAX;
  };
}

export function connectionFailed(error: unknown): Event {
  return { type: 'connection-failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
