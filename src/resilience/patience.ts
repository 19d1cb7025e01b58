/** However fast an endpoint usually is, a request gives it this long before trying another. */
export const PATIENCE_MIN_MS = 1000;
/** An answer this many times slower than usual is not just a slow one. */
export const PATIENCE_FACTOR = 8;

/** So long after it was sent, an attempt looks whether its endpoint has fallen silent (health/silence.ts): it then need not wait for the rest. */
export const LOOK_MS = 500;
/** And again after each of these, as long as its patience lasts: of one that is far, silence is known later. */
export const LOOK_AGAIN_MS = 250;

/** When it looks; never where the file says that requests are slow by nature. */
export function lookMs(setting: number | 'auto' | 'off'): number {
  return setting === 'off' ? Number.POSITIVE_INFINITY : LOOK_MS;
}

/** A client that leaves after so many times the patience, without a first byte, has not left for reasons of its own. */
export const UNANSWERED_PATIENCES = 2;

/** Whether an attempt that has been waiting since its request was sent counts against its endpoint when the client leaves. */
export function isUnanswered(waitedMs: number, patience: number): boolean {
  return waitedMs >= UNANSWERED_PATIENCES * patience;
}

/**
 * How long a request that can go elsewhere waits for the first byte of an answer, in ms. An endpoint that accepts and
 * never answers would otherwise hold its requests for the whole `firstByteMs`. `usualMs` is its average first-byte time,
 * NaN when not known. Rounded to a tenth of a second, so that timers share lists.
 */
export function patienceMs(setting: number | 'auto' | 'off', usualMs: number, firstByteMs: number): number {
  if (setting === 'off') return firstByteMs;
  if (setting !== 'auto') return Math.min(setting, firstByteMs);
  const usual = Number.isNaN(usualMs) ? 0 : usualMs * PATIENCE_FACTOR;
  return Math.min(firstByteMs, Math.max(PATIENCE_MIN_MS, Math.ceil(usual / 100) * 100));
}
