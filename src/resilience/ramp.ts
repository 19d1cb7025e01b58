/** The share of requests that an endpoint gets the moment it returns. */
export const RAMP_START = 0.1;

/**
 * How long ago, in ms, an endpoint must have come back to be considered for a request that drew `draw` (in [0, 1)). Over
 * all draws an endpoint's share of requests so rises straight from a tenth to all of them over `rampMs` (0: no ramp), and
 * cold caches and pools are not met by the whole load at once.
 */
export function heldBackMs(draw: number, rampMs: number): number {
  return Math.max(0, (rampMs * (draw - RAMP_START)) / (1 - RAMP_START));
}

/** The other way round: the share of requests that one which came back `backMs` ago is considered for. */
export function rampedShare(backMs: number, rampMs: number): number {
  return backMs >= rampMs ? 1 : RAMP_START + (1 - RAMP_START) * (Math.max(0, backMs) / rampMs);
}
