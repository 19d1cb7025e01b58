import type { RoutingPolicy, Weights } from '../config/topology.ts';

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

/**
 * 1 for an idle endpoint, 0 for one at its capacity, and below 0 beyond: between two that have more than they are built for, it still says
 * which is worse off. `capacity` is above 0.
 */
export function capacityFactor(load: number, capacity: number): number {
  return 1 - load / capacity;
}

/** 1 for a provider that had none of the recent requests, 0 for one that had them all. */
export function diversityFactor(providerShare: number): number {
  return 1 - providerShare;
}

/** What diversity may cost a request, in ms, when it weighs as much as latency does; and whatever the weights are. */
export const DIVERSITY_MS = 10;
export const DIVERSITY_MAX_MS = 20;

/** How much farther than the best an endpoint may be, in ms, for diversity to prefer it: 1 for `latency`, 5 for `balanced`, 20 for `reliability`. */
export function diversityReachMs({ diversity, latency }: Weights): number {
  if (diversity === 0) return 0;
  return Math.min(DIVERSITY_MAX_MS, (DIVERSITY_MS * diversity) / latency);
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
