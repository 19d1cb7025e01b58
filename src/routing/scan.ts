import { STATE_BITS } from '../resilience/breaker-cells.ts';
import { CLOUD_CELLS, HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Ask, Live } from './ask.ts';
import { capacityFactor } from './factors.ts';
import { cloudRank, GROUPS_PER_FILE_TIER, groupOf, HELD_BACK, NEVER_GROUP, OTHER_SET } from './groups.ts';
import { healthOf, writeLoads } from './load.ts';
import { FULL_AT } from './standing.ts';
import type { ServiceView } from './view.ts';

/** Nobody may be sent to. */
export const NOBODY = -1;

/**
 * Looks at every endpoint of a service once: writes its load, its group and, for those that may turn out to be of the first group, its
 * score without diversity into the scratch. Returns the best of the first group, or `NOBODY`.
 *
 * Nearly all endpoints are *plain* nearly always: healthy, not full, with closed breakers, and with nothing else that there could be to say of
 * them. Their standing is `ready`, and `writePlain` tells their groups. Of the others, most are plainly *behind* those that are ready: while anybody is ready,
 * nobody asks what their groups are, and `groupAt` tells it to whoever wants to know. Only the rest is asked of `groupOf`, which
 * takes several times as long for each. Loops over all endpoints call nothing, so that what they read stays in registers. That all of it says what
 * `groupOf` says of each is tested.
 */
export function scan(view: ServiceView, live: Live, ask: Ask): number {
  writeLoads(view, live.columns);
  writePlain(view, live, ask);
  if (view.brake !== undefined || ask.allowed !== undefined || ask.tried.length > 0) unmark(view, live, ask);
  const { groups, loads, scores, rows } = view;
  const { factors } = ask.latency;
  const { latency, capacity, health } = ask.weights;
  const healths = live.columns.health;
  const starting = live.columns.starting[view.slot] === 1;
  let first = NEVER_GROUP;
  let at = NOBODY;
  let best = 0;
  let others = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const group = groups[i] as number;
    if (group > first) {
      if (group >= BEHIND) others += 1;
      continue;
    }
    // As in writeScore.
    const score =
      latency * (factors[i] as number) +
      capacity * (1 - (loads[i] as number)) +
      health * (starting ? 1 : (healths[rows[i] as number] as number));
    scores[i] = score;
    if (group < first || score > best) {
      at = i;
      best = score;
    }
    first = group;
  }
  return others === 0 ? at : scanOthers(view, live, ask, at);
}

/** The best of those that are not plain, and of `plain`, the best of those that are. */
function scanOthers(view: ServiceView, live: Live, ask: Ask, plain: number): number {
  const { groups, scores } = view;
  // Who is down may be as good as anybody where health is disregarded.
  const mayBeBehind = plain !== NOBODY && !ask.disregards;
  let at = plain;
  let first = at === NOBODY ? NEVER_GROUP : (groups[at] as number);
  for (let i = 0; i < groups.length; i += 1) {
    if ((groups[i] as number) < BEHIND) continue;
    if (mayBeBehind && (groups[i] === BEHIND || isBehind(view, i, live, ask))) {
      groups[i] = BEHIND;
      continue;
    }
    const group = groupOf(view, i, live, ask);
    groups[i] = group;
    if (group > first || group === NEVER_GROUP) continue;
    writeScore(view, i, live, ask);
    const more = at === NOBODY ? 1 : (scores[i] as number) - (scores[at] as number);
    // Of equals the first in the file is the best, plain or not.
    if (group < first || more > 0 || (more === 0 && i < at)) at = i;
    first = group;
  }
  return at;
}

/** The group of endpoint `i` in the last decision on `view`, whose question this was. */
export function groupAt(view: ServiceView, i: number, live: Live, ask: Ask): number {
  if (view.groups[i] === BEHIND) view.groups[i] = groupOf(view, i, live, ask);
  return view.groups[i] as number;
}

/** The weighted sum of an endpoint's factors without its diversity, into the scratch: its load is there already. */
export function writeScore(view: ServiceView, i: number, { columns }: Live, { weights, latency }: Ask): void {
  view.scores[i] =
    weights.latency * (latency.factors[i] as number) +
    weights.capacity * capacityFactor(view.loads[i] as number, 1) +
    weights.health * healthOf(view, i, columns);
}

/** In the place of a group, above all groups: whoever is ready goes before the endpoint; and, it is to be asked about. */
const BEHIND = 0xfffe;
const NOT_PLAIN = 0xffff;
/** Scratch of one scan: what each cloud adds to the groups of its endpoints. A decision never waits, so one is enough for a thread. */
const ranks = new Uint16Array(CLOUD_CELLS);
/** In `ranks`: a breaker of the cloud is not closed, so none of its endpoints is plain. */
const BARRED = 0xffff;

/** Writes the group of each endpoint that is plain but for what `unmark` knows, and `NOT_PLAIN` for the others. Loads are in the scratch. */
function writePlain(view: ServiceView, live: Live, ask: Ask): void {
  const isRanked = readRanks(view, live, ask);
  if (view.brake !== undefined) view.down.fill(0);
  const { rows, clouds, tiers, sets, weights, groups, loads } = view;
  const { breaker, state, drained, health, tooSlow, silent, restUntilMs, room, rampFromMs, weight } = live.columns;
  const { share, set, nowMs } = ask;
  const { healthFloor } = view.service.routing;
  const loadMax = plainLoadMax(view);
  const isSplit = view.split !== undefined;
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as number;
    const rank = isRanked ? (ranks[clouds[i] as number] as number) : 0;
    // One test for five facts that are numbers of few bits.
    const against =
      ((state[row] as number) ^ HEALTH_STATE.healthy) |
      ((breaker[row] as number) & STATE_BITS) |
      (drained[row] as number) |
      (tooSlow[row] as number) |
      (silent[row] as number);
    const isPlain =
      against === 0 &&
      (loads[i] as number) < loadMax &&
      rank !== BARRED &&
      (health[row] as number) >= healthFloor &&
      share < (room[row] as number) &&
      (rampFromMs[row] as number) < 0 &&
      (restUntilMs[row] as number) <= nowMs;
    groups[i] = isPlain
      ? (tiers[i] as number) * GROUPS_PER_FILE_TIER +
        ((weight[row] as number) * (weights[i] as number) <= share ? HELD_BACK : 0) +
        (isSplit && sets[i] !== set ? OTHER_SET : 0) +
        rank
      : NOT_PLAIN;
  }
}

/**
 * Whether something keeps endpoint `i` out of the tier of those that are ready, whatever else there is to say of it: by `standingOf`, which asks for more.
 */
function isBehind(view: ServiceView, i: number, { columns, endpointCells }: Live, ask: Ask): boolean {
  const row = view.rows[i] as number;
  const state = columns.state[row] as number;
  // At the start of a service, those that are unknown are as good as any.
  if (state === HEALTH_STATE.unknown) return false;
  return (
    state === HEALTH_STATE.unhealthy ||
    (view.loads[i] as number) >= FULL_AT ||
    (columns.drained[row] as number) + (columns.tooSlow[row] as number) + (columns.silent[row] as number) > 0 ||
    (columns.health[row] as number) < view.service.routing.healthFloor ||
    ask.share >= (columns.room[row] as number) ||
    (columns.restUntilMs[row] as number) > ask.nowMs ||
    endpointCells.wouldAdmit(row, ask.nowMs, view.service.breakers) === 'no' ||
    ((columns.rampFromMs[row] as number) >= 0 && ask.nowMs - (columns.rampFromMs[row] as number) < ask.heldBackMs)
  );
}

/** Up to which load nothing is to be said of an endpoint, beside what it may keep for requests of its own. */
function plainLoadMax({ brake }: ServiceView): number {
  return brake === undefined ? FULL_AT : Math.min(FULL_AT, brake.spillAt, brake.shedAt);
}

/** Fills `ranks`. Returns whether any is not 0. */
function readRanks(view: ServiceView, { cloudCells }: Live, ask: Ask): boolean {
  let isRanked = false;
  for (let cloud = 0; cloud < view.cloudCount; cloud += 1) {
    const rank = ask.tried.length === 0 ? 0 : cloudRank(view, cloud, ask);
    ranks[cloud] = rank;
    if (rank !== 0) isRanked = true;
  }
  const { cloudBreakers, breakerClouds } = view;
  for (let i = 0; i < cloudBreakers.length; i += 1) {
    if (cloudCells.isClosed(cloudBreakers[i] as number)) continue;
    ranks[breakerClouds[i] as number] = BARRED;
    isRanked = true;
  }
  return isRanked;
}

/**
 * Corrects the same for those that may keep what is left of them for requests of their own, that have as many under way as they bear, that were
 * tried, and that fences keep from the client.
 */
function unmark(view: ServiceView, live: Live, { allowed, tried }: Ask): void {
  const { groups, loads, brake } = view;
  const overflow = brake?.overflow;
  if (overflow !== undefined) {
    for (let i = 0; i < overflow.length; i += 1) {
      if ((loads[i] as number) >= (overflow[i] as number)) groups[i] = NOT_PLAIN;
    }
  }
  if (brake?.learns === true) unmarkFull(view, live);
  for (const at of tried) groups[at] = BEHIND;
  if (allowed !== undefined) for (let i = 0; i < allowed.length; i += 1) if (allowed[i] === 0) groups[i] = BEHIND;
}

function unmarkFull({ rows, groups }: ServiceView, { columns: { inFlight, inFlightMax } }: Live): void {
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as number;
    if ((inFlight[row] as number) >= (inFlightMax[row] as number)) groups[i] = NOT_PLAIN;
  }
}
