/**
 * The share of requests that an endpoint gets the moment it returns. An idle one is everybody's best, so a share of *all* requests is more than that share of its own;
 * and one that still fails is found out by a few.
 */
export const RAMP_START = 0.02;

/**
 * How long ago, in ms, an endpoint must have come back to be considered for a request that drew `draw` (in [0, 1)). Over
 * all draws an endpoint's share of requests so rises straight from a fiftieth to all of them over `rampMs` (0: no ramp), and
 * cold caches and pools are not met by the whole load at once.
 */
export function heldBackMs(draw: number, rampMs: number): number {
  return Math.max(0, (rampMs * (draw - RAMP_START)) / (1 - RAMP_START));
}

/** The other way round: the share of requests that one which came back `backMs` ago is considered for. */
export function rampedShare(backMs: number, rampMs: number): number {
  return backMs >= rampMs ? 1 : RAMP_START + (1 - RAMP_START) * (Math.max(0, backMs) / rampMs);
}
