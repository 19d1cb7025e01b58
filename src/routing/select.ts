import type { Ask, Live } from './ask.ts';
import { drawAssigned, isAssigned, shareOf } from './assigned.ts';
import { farthestMs, hasDetour } from './detour.ts';
import { disregardsHealth } from './disregard.ts';
import { diversityFactor, diversityReachMs, drawWeight } from './factors.ts';
import { isDown, isFull, isSpread, NEVER_GROUP } from './groups.ts';
import { capacityOf, writeLoad } from './load.ts';
import { homeMsOf } from './overflow.ts';
import { groupAt, NOBODY, scan, writeScore } from './scan.ts';
import type { Brake } from './spill.ts';
import { STANDINGS, standingOf } from './standing.ts';
import { stickTo, stickyHome } from './sticky.ts';
import { NOBODY_ELSE, NOT_STUCK } from './sticky-choice.ts';
import type { ServiceView } from './view.ts';

export { NOBODY };

/**
 * The endpoint to send a request to, by position in the service, or `NOBODY`.
 *
 * Endpoints fall into groups: the tier of their standing; within it those of another set than the request's come last, before that
 * lower tiers of the file; within one of these those that a weight holds back from this
 * request come last; and, on a failover, clouds have an order. From the first group that has anyone, the highest score wins. Diversity is
 * part of the score only for those that are nearly as good as the best without it (`addDiversity`), and weights by which load counts for more than the way
 * choose only among those that are not too far (`detour.ts`). Scores within `band` of the best are
 * a tie, which `draw` decides, so that equals share the load, each by what it is built for, instead of being herded onto one. With `select: weighted`,
 * `draw` chooses among the whole group with the weights `1 / (ms + 1)`; with `select: optimal` by what was assigned (`assigned.ts`).
 *
 * In the first tier of panic all are a tie. Nothing is known to be better there, and whatever has been repaired is found
 * out, everywhere at about the same time, only by requests that it gets.
 */
export function select(view: ServiceView, live: Live, ask: Ask): number {
  if (view.brake !== undefined) readBrake(view, view.brake, live, ask);
  const at = scan(view, live, ask);
  if (at === NOBODY) return NOBODY;
  if (ask.stuckTo !== NOT_STUCK || ask.stickyHash !== NOT_STUCK) {
    const stuck = stuckChoice(view, view.groups[at] as number, live, ask);
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
  const top = hasDetour(ask.weights) ? addWithin(view, first, ask) : addDiversity(view, first, at, ask);
  return drawTie(view, top - view.service.routing.band, live, ask.draw);
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
    if (fails && hasFailed(view, stickyHome(view, live, ask), live, ask)) return NOBODY_ELSE;
    return stickTo(view, first, live, ask);
  }
  const { stuckTo } = ask;
  const group = groupAt(view, stuckTo, live, ask);
  if (!isFull(group) || group === first) return stuckTo;
  return fails && hasFailed(view, stuckTo, live, ask) ? NOBODY_ELSE : NOT_STUCK;
}

/** The one that a client stays with; no score had a say in it. */
function kept(view: ServiceView, stuck: number, live: Live, ask: Ask): number {
  writeScore(view, stuck, live, ask);
  leaveOut(view, view.groups[stuck] as number);
  return counted(view, stuck, ask);
}

/** Whether endpoint `i` is down, or has failed this very request. */
function hasFailed(view: ServiceView, i: number, live: Live, ask: Ask): boolean {
  if (i === NOT_STUCK) return false;
  const group = groupAt(view, i, live, ask);
  return ask.tried.includes(i) || (isDown(group) && group < NEVER_GROUP);
}

/** The chosen one, its diversity counted in its score, though that did not decide. */
function counted(view: ServiceView, chosen: number, ask: Ask): number {
  view.scores[chosen] = (view.scores[chosen] as number) + diversityOf(view, chosen, ask);
  return chosen;
}

/** Below every score that an endpoint can have, and below that: the score of one that is not chosen from. */
const ANY_SCORE = -Number.MAX_VALUE;
const LEFT_OUT = Number.NEGATIVE_INFINITY;

/** Whether the last decision on `view` for endpoint `i` was made in panic. */
export function isPanic(view: ServiceView, i: number): boolean {
  return isDown(view.groups[i] as number) || view.down[i] === 1;
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

/**
 * How far an endpoint may be for the decision on `view` that `select` would make, in ms; infinite where scores do not decide, or bound nothing. Writes
 * into the scratch.
 */
export function boundMs(view: ServiceView, live: Live, ask: Ask): number {
  const at = hasDetour(ask.weights) ? scan(view, live, ask) : NOBODY;
  if (at === NOBODY || view.service.routing.select === 'weighted') return Number.POSITIVE_INFINITY;
  const group = view.groups[at] as number;
  const isDrawn = isSpread(group) || ask.disregards || isAssigned(view, group, live, ask);
  return isDrawn ? Number.POSITIVE_INFINITY : farthestMs(view, group, ask);
}

/** What was chosen, for which request, and by what. */
export type Decided = { readonly chosen: number; readonly live: Live; readonly ask: Ask };

/** The weighted sum of the four factors; at most 1. */
export function scoreOf(view: ServiceView, i: number, live: Live, ask: Ask): number {
  writeLoad(view, i, live.columns);
  writeScore(view, i, live, ask);
  return (view.scores[i] as number) + diversityOf(view, i, ask);
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

/** The same where a detour has a bound (`detour.ts`): whoever is farther cannot win, though it may have the best score. */
function addWithin(view: ServiceView, group: number, ask: Ask): number {
  const { groups, scores } = view;
  const { ms } = ask.latency;
  const mostMs = farthestMs(view, group, ask);
  let at = NOBODY;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] !== group) continue;
    if ((ms[i] as number) > mostMs) scores[i] = LEFT_OUT;
    else if (at === NOBODY || (scores[i] as number) > (scores[at] as number)) at = i;
  }
  return addDiversity(view, group, at, ask);
}

const BRAKED: ReadonlySet<number> = new Set(
  STANDINGS.flatMap(({ name }, at) => (name === 'saturated' || name === 'reserved' ? [at] : [])),
);

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
