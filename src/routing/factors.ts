import type { RoutingPolicy } from '../config/topology.ts';

/** An endpoint this many milliseconds away has no latency factor left on the linear curve. */
export const LINEAR_ZERO_MS = 200;

/** The published decay, in between joined by straight lines; past the last point it goes on falling towards 0. */
const DECAY_POINTS: readonly (readonly [ms: number, factor: number])[] = [
  [10, 1],
  [50, 0.6],
  [100, 0.4],
  [200, 0.2],
];

/** 1 for no distance, 0 for too far. `ms` is a round trip, at least 0. */
export function latencyFactor(ms: number, curve: RoutingPolicy['curve']): number {
  return curve === 'linear' ? Math.max(0, 1 - ms / LINEAR_ZERO_MS) : decay(ms);
}

/** 1 for an idle endpoint, 0 for one that is at or over its capacity. `capacity` is at least 1. */
export function capacityFactor(inFlight: number, capacity: number): number {
  return Math.max(0, 1 - inFlight / capacity);
}

/** 1 for a provider that had none of the recent requests, 0 for one that had them all. */
export function diversityFactor(providerShare: number): number {
  return 1 - providerShare;
}

/** The weight of an endpoint in a weighted draw: discovery's `1 / (latency_ms + 1)`. */
export function drawWeight(ms: number): number {
  return 1 / (ms + 1);
}

function decay(ms: number): number {
  let [fromMs, from] = DECAY_POINTS[0] as readonly [number, number];
  if (ms <= fromMs) return from;
  for (const [toMs, to] of DECAY_POINTS.slice(1)) {
    if (ms <= toMs) return from + ((to - from) * (ms - fromMs)) / (toMs - fromMs);
    [fromMs, from] = [toMs, to];
  }
  // Beyond the table, inversely with the distance: it meets the last point, stays positive and keeps the order.
  return (from * fromMs) / ms;
}
