import type { Ask, LatencyRow } from './ask.ts';
import { DIVERSITY_MAX_MS } from './factors.ts';
import type { ServiceView } from './view.ts';

/** Endpoints at most so much farther than the nearest are as near. */
export const AS_NEAR_MS = DIVERSITY_MAX_MS;

/** Of a request's question, what tells how far endpoints are from its client, and which of them may serve it. */
type Way = { readonly latency: Pick<LatencyRow, 'ms'> } & Pick<Ask, 'allowed'>;

/** How far the nearest endpoint of the first tier is that may serve the client, in ms, whatever its health. */
export function homeMsOf({ tiers }: ServiceView, { latency, allowed }: Way): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tiers.length; i += 1) {
    if (tiers[i] !== 0 || (allowed !== undefined && allowed[i] === 0)) continue;
    const ms = latency.ms[i] as number;
    if (ms < nearest) nearest = ms;
  }
  return nearest;
}

/**
 * Whether a request is none of endpoint `i`'s own: the endpoint is of a lower tier, or another is clearly nearer. `ask.homeMs` is
 * filled in. With no endpoint of the first tier that may serve the client, all of the others are its own.
 */
export function isOverflow(
  { tiers }: ServiceView,
  i: number,
  { latency, homeMs }: Omit<Way, 'allowed'> & Pick<Ask, 'homeMs'>,
): boolean {
  if (homeMs === Number.POSITIVE_INFINITY) return false;
  return tiers[i] !== 0 || (latency.ms[i] as number) > homeMs + AS_NEAR_MS;
}
