/** What the load over its capacity says of an endpoint that nobody waits at, and of one where requests wait for `WAITS_SAID` … */
export const LOAD_UNWAITED = 0.4;
export const LOAD_WAITED = 0.8;
/** … times of service. It rises in a straight line, up to twice as long waits. */
export const WAITS_SAID = 0.25;
/** An endpoint that has as many times its capacity is corrected no further: it gets nothing more anyway. */
export const LOAD_MAX = 3;
/** What one look moves of the way to what waiting says, as a power. */
const AGREES = 0.1;

/**
 * The correction `fit` of a capacity, moved to where `used`, the load over the capacity, says what waiting says (`waits`, in times of service).
 *
 * Each edge sends to where the way and the load cost the least together. How long requests wait at an endpoint is the same for all edges that send there. If the load that they
 * see is the same too, requests are exchanged until each is answered as near as there is room, though no edge knows of another: with prices that all pay alike, whoever
 * looks for what is cheapest for itself finds the assignment that is cheapest for all (the dual of the min-cost flow). Without this, whoever has once sent a part of its requests far away
 * in a rush keeps that part, and those who are near go far for it.
 */
export function agreedFit(fit: number, used: number, waits: number): number {
  if (used <= 0 || used > LOAD_MAX) return fit;
  const waited = Math.min(2, Math.max(0, waits) / WAITS_SAID);
  const says = LOAD_UNWAITED + (LOAD_WAITED - LOAD_UNWAITED) * waited;
  // Who sends little to where hardly anybody waits has learned nothing of it.
  const power = used < says ? AGREES * Math.min(1, waited) : AGREES;
  return fit * (used / says) ** power;
}
