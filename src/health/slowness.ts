/** Less than this, or than this part of what is usual, is chance and no slowness. */
export const SLOW_MIN_MS = 10;
export const SLOW_MIN_SHARE = 0.5;
/** What requests take longer begins to count at this part of that, and counts whole from that one on: if it did so all at once, all would leave together, and come back together. */
const SLOW_FROM = 0.7;
const SLOW_WHOLE = 1.5;
/** One check says that an endpoint is slow when it takes longer by so many times what checks of it vary by. */
const SLOW_VARIES = 2;

/** What is known of how long an endpoint takes, in ms. */
export type Took = {
  /** What is usual for the service; 0 where nobody knows. */
  readonly usualMs: number;
  /** What its requests take longer than that, and how much of it may be the way. */
  readonly requestsMs: number;
  readonly doubtMs: number;
  /** What its last check took longer than its way, and how much checks of it vary. */
  readonly checkMs: number;
  readonly variesMs: number;
};

/** By how much an endpoint is slower than is usual, in ms, as it counts in a score: 0 for what may be chance. */
export function slownessMs({ usualMs, requestsMs, doubtMs, checkMs, variesMs }: Took): number {
  const leastMs = Math.max(SLOW_MIN_MS, SLOW_MIN_SHARE * usualMs);
  return Math.max(
    requestsMs * partBetween(SLOW_FROM * leastMs, SLOW_WHOLE * leastMs, requestsMs - doubtMs),
    checkMs >= leastMs + SLOW_VARIES * variesMs ? checkMs : 0,
  );
}

/** How far `value` is between two others, 0 to 1. */
function partBetween(from: number, to: number, value: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
