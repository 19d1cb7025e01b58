/**
 * So many refusals in a row, with no other answer between them, and an endpoint is left alone for the time that it asks for. Fewer are
 * of one that refuses what is too much for it and does the rest: it is given less (health/room.ts), but not nothing.
 */
export const REST_RUN = 3;

/** How long an endpoint is left alone that asks for `askedMs` in its `run`th refusal in a row; at most `maxMs`, which the file says. */
export function restMs(askedMs: number, run: number, maxMs: number): number {
  return run < REST_RUN ? 0 : Math.min(askedMs, maxMs);
}
