import { CLOUDS_MAX } from '../config/topology-cloud.ts';
import { TIERS_MAX } from '../config/topology-shares.ts';
import type { Ask, Live } from './ask.ts';
import { FULL_TIER, NEVER_TIER, PANIC_TIER, SPILLING_TIER, STANDINGS, standingOf } from './standing.ts';
import type { ServiceView } from './view.ts';
import { isHeldBack } from './weights.ts';

/**
 * Clouds that were tried come after the others, in the same order; endpoints that a weight holds back after both; lower tiers
 * of the file after all of that, and other sets than the one that was drawn after all tiers.
 */
const AGAIN = CLOUDS_MAX + 1;
export const HELD_BACK = 2 * AGAIN;
export const GROUPS_PER_FILE_TIER = 2 * HELD_BACK;
export const OTHER_SET = TIERS_MAX * GROUPS_PER_FILE_TIER;
const GROUPS_PER_TIER = 2 * OTHER_SET;
export const NEVER_GROUP = NEVER_TIER * GROUPS_PER_TIER;
const FULL_GROUP = FULL_TIER * GROUPS_PER_TIER;
const PANIC_GROUP = PANIC_TIER * GROUPS_PER_TIER;
const TIERS = Uint8Array.from(STANDINGS, ({ tier }) => tier);

/** The group of endpoint `i`; lower is chosen first. Its load is in the scratch after it. */
export function groupOf(view: ServiceView, i: number, live: Live, ask: Ask): number {
  let tier = TIERS[standingOf(view, i, live, ask)] as number;
  if (tier === NEVER_TIER) return NEVER_GROUP;
  if (view.brake !== undefined) {
    const isDown = ask.disregards && tier >= PANIC_TIER;
    view.down[i] = isDown ? 1 : 0;
    if (isDown) tier = (view.loads[i] as number) >= view.brake.spillAt ? SPILLING_TIER : 0;
  }
  let group = tier * GROUPS_PER_TIER + (isHeldBack(view, i, live.columns, ask) ? HELD_BACK : 0);
  if (tier < PANIC_TIER) {
    group += (view.tiers[i] as number) * GROUPS_PER_FILE_TIER;
    if (view.sets[i] !== ask.set) group += OTHER_SET;
  }
  return ask.tried.length === 0 ? group : group + cloudRank(view, view.clouds[i] as number, ask);
}

/** What its cloud adds to the group of an endpoint on a failover. */
export function cloudRank(view: ServiceView, cloud: number, { tried }: Ask): number {
  const again = tried.some((at) => view.clouds[at] === cloud) ? AGAIN : 0;
  return again + (view.failoverRank[cloud] as number);
}

/** Whether endpoints of a group are full, or worse. */
export function isFull(group: number): boolean {
  return group >= FULL_GROUP;
}

/** Whether endpoints of a group seem down, or are never sent to. */
export function isDown(group: number): boolean {
  return group >= PANIC_GROUP;
}

/** Whether scores do not matter in a group. */
export function isSpread(group: number): boolean {
  return group >= PANIC_GROUP && group < PANIC_GROUP + GROUPS_PER_TIER;
}
