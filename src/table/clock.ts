/**
 * Time and chance as the rest of the house sees them: arguments. Only `system-clock.ts` reads the real ones.
 */
export type Clock = {
  /** Milliseconds since the endpoint table was made; monotonic, and the same in every thread. */
  readonly nowMs: () => number;
};

/** A number in [0, 1), as `Math.random` gives. */
export type Random = () => number;
