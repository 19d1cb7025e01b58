import type { Weights } from '../config/topology.ts';
import type { Ask } from './ask.ts';
import type { ServiceView } from './view.ts';

/** How much farther a request may be sent for the sake of loads that are alike, and of clouds, in ms; beyond what room alone asks for. */
export const DETOUR_MAX_MS = 20;

/**
 * Whether weights are such that a detour has a bound: where the load counts for more than the way, as with `reliability`, scores are even only when loads are even
 * over the whole world, whatever that costs. Where the way counts for nothing somebody has said that it may be any.
 */
export function hasDetour({ latency, capacity }: Weights): boolean {
  return latency > 0 && capacity > latency;
}

/**
 * How far an endpoint of `group` may be for this request, in ms: `DETOUR_MAX_MS` farther than the one that would be the best if the load counted as
 * much as the way and no more. That one has room, or else the next would be; so what is full is left in any case, and only the evening out beyond
 * that is bounded. Scores of the group without their diversity, and loads, are in the scratch.
 */
export function farthestMs({ groups, scores, loads }: ServiceView, group: number, { weights, latency }: Ask): number {
  const over = weights.capacity - weights.latency;
  let best = -Number.MAX_VALUE;
  let ms = 0;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] !== group) continue;
    const score = (scores[i] as number) - over * (1 - (loads[i] as number));
    if (score <= best) continue;
    best = score;
    ms = latency.ms[i] as number;
  }
  return ms + DETOUR_MAX_MS;
}
