import type { Ask, Live } from './ask.ts';
import { mixed, unitOf } from './hash.ts';
import { inFlightOf } from './load.ts';
import { NOT_STUCK } from './sticky-choice.ts';
import type { ServiceView } from './view.ts';

/** Up to this part of its capacity an endpoint has room for its own, however little the others have. */
export const FREE_LOAD = 0.5;

/**
 * The endpoint of `group` that a client with `ask.stickyHash` belongs to. Consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam,
 * 2018), over weighted rendezvous hashing instead of a ring: each endpoint has a number for the client, drawn by both their hashes, and the client
 * belongs to the lowest, each endpoint as often as its capacity says. When one of n leaves, its clients alone move, 1/n of all, evenly to
 * the others. One that has more than `loadMax` times its part of what is in flight is passed over, as soon as it is half full. By the
 * capacities of the file: learned ones change every second, and clients would move with them.
 */
export function stickTo(view: ServiceView, group: number, live: Live, ask: Ask): number {
  const { groups, rows, capacities, hashes } = view;
  let inFlight = 1;
  let capacity = 0;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] !== group) continue;
    inFlight += inFlightOf(live.columns, rows[i] as number);
    capacity += capacities[i] as number;
  }
  const bound = (view.stickyLoadMax * inFlight) / capacity;
  let best = NOT_STUCK;
  let least = NOT_STUCK;
  let bestAt = Number.POSITIVE_INFINITY;
  let leastAt = Number.POSITIVE_INFINITY;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] !== group) continue;
    const own = capacities[i] as number;
    const drawn = unitOf(mixed(ask.stickyHash ^ (hashes[i] as number)));
    // −ln x is at least 1 − x: most need no logarithm to lose.
    if (1 - drawn > bestAt * own * ROUNDING) continue;
    const at = -Math.log(drawn) / own;
    if (at < leastAt) {
      leastAt = at;
      least = i;
    }
    // The lowest of all is never above the lowest of those that have room.
    const loadMax = Math.max(FREE_LOAD * own, Math.ceil(bound * own));
    if (at >= bestAt || inFlightOf(live.columns, rows[i] as number) >= loadMax) continue;
    bestAt = at;
    best = i;
  }
  return best === NOT_STUCK ? least : best;
}

/** The endpoint that a client belongs to as long as all are well: of those that may serve it and are not drained, whatever else there is. */
export function stickyHome({ rows, capacities, hashes }: ServiceView, { columns }: Live, ask: Ask): number {
  let home = NOT_STUCK;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rows.length; i += 1) {
    if (columns.drained[rows[i] as number] === 1 || (ask.allowed !== undefined && ask.allowed[i] === 0)) continue;
    const at = placeOf(ask.stickyHash, hashes[i] as number, capacities[i] as number);
    if (at >= least) continue;
    least = at;
    home = i;
  }
  return home;
}

/** More than rounding can make of a comparison. */
const ROUNDING = 1 + 1e-9;

/** The number that is drawn for a client and an endpoint; the lowest wins, each endpoint as often as its capacity says. */
function placeOf(client: number, endpoint: number, capacity: number): number {
  return -Math.log(unitOf(mixed(client ^ endpoint))) / capacity;
}
