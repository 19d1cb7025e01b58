import type { Ask } from './ask.ts';
import { NO_SET } from './split.ts';
import { NOT_STUCK } from './sticky-choice.ts';
import type { ServiceView } from './view.ts';

/**
 * A question about the endpoints of a service of which nothing has been filled in: whoever asks keeps one, and fills it in for each request.
 * `mayProbe`: whether the first that is asked may find out about a half-open breaker.
 */
export function freshAsk(view: ServiceView, { nowMs, mayProbe }: Pick<Ask, 'nowMs' | 'mayProbe'>): Ask {
  const empty = new Float64Array(0);
  return {
    weights: view.defaultWeights,
    latency: { ms: empty, factors: empty, region: 0 },
    shares: new Float64Array(view.cloudCount),
    nowMs,
    draw: 0,
    heldBackMs: 0,
    share: 0,
    set: NO_SET,
    stickyHash: NOT_STUCK,
    stuckTo: NOT_STUCK,
    homeMs: 0,
    disregards: false,
    mayProbe,
    allowed: undefined,
    fenceClass: 0,
    tried: [],
  };
}
