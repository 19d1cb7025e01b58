import { CLOUD_CELLS, HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Ask, Live } from './ask.ts';
import { capacityFactor } from './factors.ts';
import { cloudRank, GROUPS_PER_FILE_TIER, groupOf, HELD_BACK, NEVER_GROUP, OTHER_SET } from './groups.ts';
import { healthOf, withOthers } from './load.ts';
import { FULL_AT } from './standing.ts';
import type { ServiceView } from './view.ts';

/** Nobody may be sent to. */
export const NOBODY = -1;

/**
 * Looks at every endpoint of a service once: writes its load, its group and, for those that may turn out to be of the first group, its
 * score without diversity into the scratch. Returns the best of the first group, or `NOBODY`.
 *
 * Nearly all endpoints are *plain* nearly always: healthy, not full, with closed breakers, and with nothing else that there could be to say of
 * them. Their standing is `ready`, and `writePlain` tells their groups in one loop that calls nothing; all others are asked of `groupOf`, which takes
 * several times as long for each. That both say the same is tested.
 */
export function scan(view: ServiceView, live: Live, ask: Ask): number {
  writePlain(view, live, ask);
  if (view.brake?.overflow !== undefined || ask.allowed !== undefined || ask.tried.length > 0) unmark(view, ask);
  const { groups, loads, scores, rows } = view;
  const { factors } = ask.latency;
  const { latency, capacity, health } = ask.weights;
  const healths = live.columns.health;
  const starting = live.columns.starting[view.slot] === 1;
  let first = NEVER_GROUP;
  let at = NOBODY;
  let best = 0;
  for (let i = 0; i < groups.length; i += 1) {
    let group = groups[i] as number;
    if (group === NOT_PLAIN) {
      group = groupOf(view, i, live, ask);
      groups[i] = group;
    }
    if (group > first || group === NEVER_GROUP) continue;
    const score =
      latency * (factors[i] as number) +
      capacity * capacityFactor(loads[i] as number, 1) +
      health * (starting ? 1 : (healths[rows[i] as number] as number));
    scores[i] = score;
    if (group < first || score > best) {
      at = i;
      best = score;
    }
    first = group;
  }
  return at;
}

/** The weighted sum of an endpoint's factors without its diversity, into the scratch: its load is there already. */
export function writeScore(view: ServiceView, i: number, { columns }: Live, { weights, latency }: Ask): void {
  view.scores[i] =
    weights.latency * (latency.factors[i] as number) +
    weights.capacity * capacityFactor(view.loads[i] as number, 1) +
    weights.health * healthOf(view, i, columns);
}

/** In the place of a group: the endpoint is to be asked about. Above all groups. */
const NOT_PLAIN = 0xffff;
/** Scratch of one scan: what each cloud adds to the groups of its endpoints. A decision never waits, so one is enough for a thread. */
const ranks = new Uint16Array(CLOUD_CELLS);
/** In `ranks`: the cloud's breaker is not closed, so none of its endpoints is plain. */
const BARRED = 0xffff;

/** Writes the load of every endpoint, and the group of each that is plain but for what `unmark` knows. */
function writePlain(view: ServiceView, live: Live, ask: Ask): void {
  readRanks(view, live, ask);
  const { rows, clouds, tiers, sets, capacities, weights, groups, loads, down } = view;
  const { columns } = live;
  const { inFlight, atEndpoint, fleetInFlight, capacity, capacityFit, breaker, state, drained } = columns;
  const { health, tooSlow, restUntilMs, room, rampFromMs, weight } = columns;
  const { share, set, nowMs } = ask;
  const { healthFloor } = view.service.routing;
  const loadMax = plainLoadMax(view);
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] as number;
    const own = (inFlight[row] as number) * (atEndpoint[row] as number);
    const said = capacity[row] as number;
    const built = (said > 0 ? said : (capacities[i] as number)) * (capacityFit[row] as number);
    const load = ((fleetInFlight[row] as number) === 0 ? own : withOthers(columns, row, own)) / built;
    loads[i] = load;
    const rank = ranks[clouds[i] as number] as number;
    // One test for four facts that are numbers of few bits.
    const against =
      ((state[row] as number) ^ HEALTH_STATE.healthy) |
      ((breaker[row] as number) & 3) |
      (drained[row] as number) |
      (tooSlow[row] as number);
    const isPlain =
      against === 0 &&
      load < loadMax &&
      rank !== BARRED &&
      (health[row] as number) >= healthFloor &&
      share < (room[row] as number) &&
      (rampFromMs[row] as number) < 0 &&
      (restUntilMs[row] as number) <= nowMs;
    down[i] = 0;
    groups[i] = isPlain
      ? (tiers[i] as number) * GROUPS_PER_FILE_TIER +
        ((weight[row] as number) * (weights[i] as number) <= share ? HELD_BACK : 0) +
        (sets[i] === set ? 0 : OTHER_SET) +
        rank
      : NOT_PLAIN;
  }
}

/** Up to which load nothing is to be said of an endpoint, beside what it may keep for requests of its own. */
function plainLoadMax({ brake }: ServiceView): number {
  return brake === undefined ? FULL_AT : Math.min(FULL_AT, brake.spillAt, brake.shedAt);
}

function readRanks(view: ServiceView, { cloudCells }: Live, ask: Ask): void {
  for (let cloud = 0; cloud < view.cloudCount; cloud += 1) {
    if (!cloudCells.isClosed(view.cloudBreakers[cloud] as number)) ranks[cloud] = BARRED;
    else ranks[cloud] = ask.tried.length === 0 ? 0 : cloudRank(view, cloud, ask);
  }
}

/** Has those asked about that fences keep from the client, that were tried, or that may keep what is left of them for requests of their own. */
function unmark({ groups, loads, brake }: ServiceView, { allowed, tried }: Ask): void {
  for (const at of tried) groups[at] = NOT_PLAIN;
  if (allowed !== undefined) for (let i = 0; i < allowed.length; i += 1) if (allowed[i] === 0) groups[i] = NOT_PLAIN;
  const overflow = brake?.overflow;
  if (overflow === undefined) return;
  for (let i = 0; i < overflow.length; i += 1) {
    if ((loads[i] as number) >= (overflow[i] as number)) groups[i] = NOT_PLAIN;
  }
}
