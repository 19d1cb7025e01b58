/** A thread that served for so long before it ended is replaced at once. */
export const SERVED_MS = 1000;
/** The first wait of a thread that did not, and the longest: each is twice the one before. */
export const RESTART_MIN_MS = 1000;
export const RESTART_MAX_MS = 30_000;

/**
 * How long a place waits for its next thread. `misses` counts the threads in a row that ended before they had served for a second:
 * one that cannot listen, or that dies of the first request, must not be started as fast as the machine can.
 */
export function restartDelayMs(misses: number): number {
  return misses === 0 ? 0 : Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 2 ** (misses - 1));
}
