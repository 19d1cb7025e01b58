import { TIERS_MAX } from '../config/topology-shares.ts';
import type { Ask, Live } from './ask.ts';
import { capacityOf } from './load.ts';
import { isSound } from './standing.ts';
import type { ServiceView } from './view.ts';

/** Scratch of one decision: the capacity of each tier, and what of it is healthy. A decision never waits, so one is enough for a thread. */
const all = new Float64Array(TIERS_MAX);
const healthy = new Float64Array(TIERS_MAX);

/**
 * Whether in no tier as much as `panicBelow` of the capacity is healthy, of the endpoints that may serve the client and are not drained. As long as
 * one tier has that much, it takes what the others cannot.
 */
export function disregardsHealth(view: ServiceView, live: Live, ask: Ask, panicBelow: number): boolean {
  const { tiers, rows } = view;
  all.fill(0);
  healthy.fill(0);
  for (let i = 0; i < tiers.length; i += 1) {
    if (live.columns.drained[rows[i] as number] === 1) continue;
    if (ask.allowed !== undefined && ask.allowed[i] === 0) continue;
    const tier = tiers[i] as number;
    const capacity = capacityOf(view, i, live.columns);
    all[tier] = (all[tier] as number) + capacity;
    if (isSound(view, i, live, ask)) healthy[tier] = (healthy[tier] as number) + capacity;
  }
  for (let tier = 0; tier < TIERS_MAX; tier += 1) {
    const capacity = all[tier] as number;
    if (capacity > 0 && (healthy[tier] as number) >= panicBelow * capacity) return false;
  }
  return true;
}
