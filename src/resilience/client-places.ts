import { LIMIT_KEYS, LIMIT_WAYS, NO_KEY } from '../table/limit-cells.ts';

/** The columns of clients, as every thread lays them. */
export type ClientColumns = {
  readonly key: Int32Array;
  readonly due: BigInt64Array;
  readonly held: Int32Array;
  /** Of edges that share limits of clients: what was asked for at a place, under which rule, and which part of the limit is this edge's; 0: all. */
  readonly asked: Int32Array;
  readonly rule: Int32Array;
  readonly share: Float64Array;
};

const SETS = LIMIT_KEYS / LIMIT_WAYS;

/** There is no place: every one that a client could have is taken by one with requests under way. */
export const NO_PLACE = -1;

/**
 * Finds or makes the place of a client whose hash is `set` and `tag`.
 *
 * The rule of eviction: a place whose next request is due already goes first, since its client loses nothing by beginning anew; where there is
 * none, the one that is due soonest, whose client gets its burst again. One with requests under way is never taken. So what cannot be
 * counted passes: a full table must not refuse strangers for what others did.
 *
 * Two threads may make places for the same client at once. Each looks again after it has made one, and the later place gives way to
 * the earlier.
 */
export function placeOf(columns: ClientColumns, set: number, tag: number, nowNs: bigint): number {
  const first = ((set >>> 0) % SETS) * LIMIT_WAYS;
  const key = tag === NO_KEY ? 1 : tag;
  const found = find(columns.key, key, first, first + LIMIT_WAYS);
  return found === NO_PLACE ? make(columns, first, key, nowNs) : found;
}

/** The place that a client has already; `NO_PLACE` when it has none. */
export function knownPlace(keys: Int32Array, set: number, tag: number): number {
  const first = ((set >>> 0) % SETS) * LIMIT_WAYS;
  return find(keys, tag === NO_KEY ? 1 : tag, first, first + LIMIT_WAYS);
}

function find(keys: Int32Array, key: number, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (Atomics.load(keys, at) === key) return at;
  return NO_PLACE;
}

function make(columns: ClientColumns, first: number, key: number, nowNs: bigint): number {
  for (let tries = 0; tries < LIMIT_WAYS; tries += 1) {
    const at = leastMissed(columns, first, nowNs);
    if (at === NO_PLACE) return NO_PLACE;
    const before = Atomics.load(columns.key, at);
    if (before === key) return at;
    if (Atomics.compareExchange(columns.key, at, before, key) === before) {
      // A due time that has passed is as good as none, and another thread may have moved it on for this client already.
      if (Atomics.load(columns.due, at) > nowNs && before !== NO_KEY) Atomics.store(columns.due, at, nowNs);
      columns.share[at] = 0;
      Atomics.store(columns.asked, at, 0);
      const earlier = find(columns.key, key, first, at);
      if (earlier === NO_PLACE) return at;
      Atomics.compareExchange(columns.key, at, key, NO_KEY);
      return earlier;
    }
    // Another thread was quicker, perhaps for the same client.
    const found = find(columns.key, key, first, first + LIMIT_WAYS);
    if (found !== NO_PLACE) return found;
  }
  return NO_PLACE;
}

/** What a place and a key say of a client, in one number of 46 bits: at edges with the same seed it is the same. */
export function clientName(at: number, key: number): number {
  return Math.floor(at / LIMIT_WAYS) * 2 ** 32 + (key >>> 0);
}

/** The place that is to be given away. */
function leastMissed({ key, due, held }: ClientColumns, first: number, nowNs: bigint): number {
  const free = find(key, NO_KEY, first, first + LIMIT_WAYS);
  if (free !== NO_PLACE) return free;
  let best = NO_PLACE;
  let soonest = 0n;
  for (let at = first; at < first + LIMIT_WAYS; at += 1) {
    if (Atomics.load(held, at) > 0) continue;
    const dueNs = Atomics.load(due, at);
    if (dueNs <= nowNs) return at;
    if (best !== NO_PLACE && dueNs >= soonest) continue;
    best = at;
    soonest = dueNs;
  }
  return best;
}
