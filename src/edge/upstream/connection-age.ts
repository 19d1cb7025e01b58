/** By how much of it an age is shortened at most, so that connections that were made together do not end together. */
export const AGE_SPREAD = 0.2;

/** How old one connection may become before it takes no more requests; `draw` is in [0, 1). */
export function connectionAgeMs(ageMs: number, draw: number): number {
  return ageMs * (1 - AGE_SPREAD * draw);
}
