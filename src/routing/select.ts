import { CLOUDS_MAX } from '../config/topology-cloud.ts';
import { TIERS_MAX } from '../config/topology-shares.ts';
import type { Ask, Live } from './ask.ts';
import { drawAssigned, isAssigned, shareOf } from './assigned.ts';
import { disregardsHealth } from './disregard.ts';
import { capacityFactor, diversityFactor, diversityReachMs, drawWeight } from './factors.ts';
import { capacityOf, healthOf, writeLoad } from './load.ts';
import { homeMsOf } from './overflow.ts';
import type { Brake } from './spill.ts';
import { FULL_TIER, NEVER_TIER, PANIC_TIER, SPILLING_TIER, STANDINGS, standingOf } from './standing.ts';
import { stickTo, stickyHome } from './sticky.ts';
import { NOBODY_ELSE, NOT_STUCK } from './sticky-choice.ts';
import type { ServiceView } from './view.ts';
import { isHeldBack } from './weights.ts';

/** Nothing is left to send to. */
export const NOBODY = -1;

/**
 * The endpoint to send a request to, by position in the service, or `NOBODY`.
 *
 * Endpoints fall into groups: the tier of their standing; within it those of another set than the request's come last, before that
 * lower tiers of the file; within one of these those that a weight holds back from this
 * request come last; and, on a failover, clouds have an order. From the first group that has anyone, the highest score wins. Diversity is
 * part of the score only for those that are nearly as good as the best without it (`isNear`). Scores within `band` of the best are
 * a tie, which `draw` decides, so that equals share the load, each by what it is built for, instead of being herded onto one. With `select: weighted`,
 * `draw` chooses among the whole group with the weights `1 / (ms + 1)`; with `select: optimal` by what was assigned (`assigned.ts`).
 *
 * In the first tier of panic all are a tie. Nothing is known to be better there, and whatever has been repaired is found
 * out, everywhere at about the same time, only by requests that it gets.
 */
export function select(view: ServiceView, live: Live, ask: Ask): number {
  const { groups, scores } = view;
  const count = view.rows.length;
  if (view.brake !== undefined) readBrake(view, view.brake, live, ask);
  let first = NEVER_GROUP;
  let at = NOBODY;
  for (let i = 0; i < count; i += 1) {
    const group = groupOf(view, i, live, ask);
    groups[i] = group;
    if (group > first || group === NEVER_GROUP) continue;
    writeScore(view, i, live, ask);
    if (group < first || (scores[i] as number) > (scores[at] as number)) at = i;
    first = group;
  }
  if (first === NEVER_GROUP) return NOBODY;
  if (ask.stuckTo !== NOT_STUCK || ask.stickyHash !== NOT_STUCK) {
    const stuck = stuckChoice(view, first, live, ask);
    if (stuck === NOBODY_ELSE) return NOBODY;
    if (stuck !== NOT_STUCK) return kept(view, stuck, live, ask);
  }
  return chosenOf(view, at, live, ask);
}

/** One of the group of `at`, which has the highest score of it without its diversity. */
function chosenOf(view: ServiceView, at: number, live: Live, ask: Ask): number {
  const first = view.groups[at] as number;
  if (view.service.routing.select === 'weighted') return counted(view, drawWeighted(view, first, ask), ask);
  if (isSpread(first) || ask.disregards) {
    leaveOut(view, first);
    return counted(view, drawTie(view, ANY_SCORE, live, ask.draw), ask);
  }
  if (isAssigned(view, first, live, ask)) return counted(view, drawAssigned(view, first, live, ask), ask);
  return drawTie(view, addDiversity(view, first, at, ask) - view.service.routing.band, live, ask.draw);
}

/** What a brake wants to know before any endpoint is looked at. */
function readBrake(view: ServiceView, { overflow, panicBelow }: Brake, live: Live, ask: Ask): void {
  if (overflow !== undefined) ask.homeMs = homeMsOf(view, ask);
  ask.disregards = panicBelow > 0 && disregardsHealth(view, live, ask, panicBelow);
}

/**
 * The endpoint that a client stays with; `NOT_STUCK` when it may go anywhere, `NOBODY_ELSE` when its own failed and the file says that none but that will
 * do. It stays with one that is not full, degraded or down, whatever better ones there are; and it leaves one that is drained, fenced or full
 * in any case.
 */
function stuckChoice(view: ServiceView, first: number, live: Live, ask: Ask): number {
  const fails = view.service.sticky?.onFailure === 'fail';
  if (ask.stickyHash !== NOT_STUCK) {
    if (fails && hasFailed(view, stickyHome(view, live, ask), ask)) return NOBODY_ELSE;
    return stickTo(view, first, live, ask);
  }
  const { stuckTo } = ask;
  const group = view.groups[stuckTo] as number;
  if (group < FULL_TIER * GROUPS_PER_TIER || group === first) return stuckTo;
  return fails && hasFailed(view, stuckTo, ask) ? NOBODY_ELSE : NOT_STUCK;
}

/** The one that a client stays with; no score had a say in it. */
function kept(view: ServiceView, stuck: number, live: Live, ask: Ask): number {
  writeScore(view, stuck, live, ask);
  leaveOut(view, view.groups[stuck] as number);
  return counted(view, stuck, ask);
}

/** Whether endpoint `i` is down, or has failed this very request. */
function hasFailed({ groups }: ServiceView, i: number, { tried }: Ask): boolean {
  if (i === NOT_STUCK) return false;
  const group = groups[i] as number;
  return tried.includes(i) || (group >= PANIC_TIER * GROUPS_PER_TIER && group < NEVER_GROUP);
}

/** The chosen one, its diversity counted in its score, though that did not decide. */
function counted(view: ServiceView, chosen: number, ask: Ask): number {
  view.scores[chosen] = (view.scores[chosen] as number) + diversityOf(view, chosen, ask);
  return chosen;
}

/** Below every score that an endpoint can have, and below that: the score of one that is not chosen from. */
const ANY_SCORE = -Number.MAX_VALUE;
const LEFT_OUT = Number.NEGATIVE_INFINITY;

/** Whether scores do not matter in a group. */
export function isSpread(group: number): boolean {
  return group >= PANIC_TIER * GROUPS_PER_TIER && group < (PANIC_TIER + 1) * GROUPS_PER_TIER;
}

/** Whether the last decision on `view` for endpoint `i` was made in panic. */
export function isPanic(view: ServiceView, i: number): boolean {
  return (view.groups[i] as number) >= PANIC_TIER * GROUPS_PER_TIER || view.down[i] === 1;
}

/** Whether nobody was chosen because some, that could have been, had as much as they may have. */
export function isBraked(view: ServiceView, live: Live, ask: Ask): boolean {
  return view.brake !== undefined && view.rows.some((_, i) => BRAKED.has(standingOf(view, i, live, ask)));
}

/** Whether the last decision on `view` might as well have chosen `i`. */
export function isTied(view: ServiceView, i: number, { chosen, live, ask }: Decided): boolean {
  const { groups, scores, service } = view;
  const group = groups[chosen] as number;
  if (groups[i] !== group) return false;
  if (service.routing.select === 'weighted' || isSpread(group) || ask.disregards) return true;
  if (isAssigned(view, group, live, ask)) return shareOf(view, i, live.columns, ask) > 0;
  let best = ANY_SCORE;
  for (let at = 0; at < groups.length; at += 1) {
    if (groups[at] === group && (scores[at] as number) > best) best = scores[at] as number;
  }
  return (scores[i] as number) >= best - service.routing.band;
}

/** What was chosen, for which request, and by what. */
export type Decided = { readonly chosen: number; readonly live: Live; readonly ask: Ask };

/** The weighted sum of the four factors; at most 1. */
export function scoreOf(view: ServiceView, i: number, live: Live, ask: Ask): number {
  writeLoad(view, i, live.columns);
  writeScore(view, i, live, ask);
  return (view.scores[i] as number) + diversityOf(view, i, ask);
}

/**
 * Writes the score of endpoint `i` without its diversity into the scratch: a returned double would be allocated, once per
 * endpoint.
 */
function writeScore(view: ServiceView, i: number, live: Live, ask: Ask): void {
  const { columns } = live;
  const { weights } = ask;
  view.scores[i] =
    weights.latency * (ask.latency.factors[i] as number) +
    weights.capacity * capacityFactor(view.loads[i] as number, 1) +
    weights.health * healthOf(view, i, columns);
}

function diversityOf(view: ServiceView, i: number, ask: Ask): number {
  return ask.weights.diversity * diversityFactor(ask.shares[view.clouds[i] as number] as number);
}

/**
 * Adds diversity to the scores of those of `group` that are nearly as good as `at`, the best without it; the others, and those of other
 * groups, cannot win. Returns the highest score.
 */
function addDiversity(view: ServiceView, group: number, at: number, ask: Ask): number {
  const { groups, scores } = view;
  const { ms } = ask.latency;
  const atLeast = (scores[at] as number) - view.service.routing.band;
  const atMostMs = (ms[at] as number) + diversityReachMs(ask.weights);
  let best = ANY_SCORE;
  for (let i = 0; i < groups.length; i += 1) {
    const near = groups[i] === group && ((scores[i] as number) >= atLeast || (ms[i] as number) <= atMostMs);
    const score = near ? (scores[i] as number) + diversityOf(view, i, ask) : LEFT_OUT;
    scores[i] = score;
    if (score > best) best = score;
  }
  return best;
}

/**
 * Clouds that were tried come after the others, in the same order; endpoints that a weight holds back after both; lower tiers
 * of the file after all of that, and other sets than the one that was drawn after all tiers.
 */
const AGAIN = CLOUDS_MAX + 1;
const HELD_BACK = 2 * AGAIN;
const GROUPS_PER_FILE_TIER = 2 * HELD_BACK;
const OTHER_SET = TIERS_MAX * GROUPS_PER_FILE_TIER;
const GROUPS_PER_TIER = 2 * OTHER_SET;
const NEVER_GROUP = NEVER_TIER * GROUPS_PER_TIER;
const BRAKED: ReadonlySet<number> = new Set(
  STANDINGS.flatMap(({ name }, at) => (name === 'saturated' || name === 'reserved' ? [at] : [])),
);
const TIERS = Uint8Array.from(STANDINGS, ({ tier }) => tier);

/** The group of endpoint `i`; lower is chosen first. */
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
  if (ask.tried.length === 0) return group;
  const cloud = view.clouds[i] as number;
  const again = ask.tried.some((tried) => view.clouds[tried] === cloud) ? AGAIN : 0;
  return group + again + (view.failoverRank[cloud] as number);
}

/** Has nobody chosen who is not in `group`. */
function leaveOut({ groups, scores }: ServiceView, group: number): void {
  for (let i = 0; i < groups.length; i += 1) if (groups[i] !== group) scores[i] = LEFT_OUT;
}

/** One of those that have at least this score, each as likely as its capacity makes it. */
function drawTie(view: ServiceView, atLeast: number, { columns }: Live, draw: number): number {
  const { scores } = view;
  let sum = 0;
  for (let i = 0; i < scores.length; i += 1) {
    if ((scores[i] as number) >= atLeast) sum += capacityOf(view, i, columns);
  }
  let left = draw * sum;
  let last = NOBODY;
  for (let i = 0; i < scores.length; i += 1) {
    if ((scores[i] as number) < atLeast) continue;
    last = i;
    left -= capacityOf(view, i, columns);
    if (left < 0) return i;
  }
  // Rounding may leave a crumb: the last of them has it.
  return last;
}

function drawWeighted(view: ServiceView, group: number, ask: Ask): number {
  const { groups } = view;
  const { ms } = ask.latency;
  let sum = 0;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] === group) sum += drawWeight(ms[i] as number);
  }
  let left = ask.draw * sum;
  let last = NOBODY;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] !== group) continue;
    last = i;
    left -= drawWeight(ms[i] as number);
    if (left < 0) return i;
  }
  // Rounding may leave a crumb: the last of the group has it.
  return last;
}
