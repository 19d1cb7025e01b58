import type { WaitPrice } from './wait-price.ts';

/** Where requests come from. */
export type Origin = {
  /** How many a second. */
  readonly rate: number;
  /** How far each endpoint is from there, in ms; infinite for one that may not be sent to. */
  readonly wayMs: Float64Array;
  /** Up to which part of its rate each site takes these requests, beside all others that it has: what is left is for others. Undefined where nothing is kept. */
  readonly upTo?: Float64Array | undefined;
};

/** Where they may go: what its servers can answer in a second, of this edge's; how long they work on one; what waiting there costs. */
export type Site = { readonly rate: number; readonly serviceMs: number; readonly price: WaitPrice };

/** Rounds over all origins: as many as so many looks at a site allow, within these bounds. The next assignment goes on where this one ended. */
const LOOKS_MAX = 1_000_000;
const ROUNDS_MIN = 8;
const ROUNDS_MAX = 300;
/** What moves in a round, over all that there is, from which on it is done. */
const MOVES_MIN = 0.001;
/** Halvings of the interval in which an origin's price is looked for. */
const HALVINGS = 26;
/** Ways that are longer are all the same. */
const WAY_MAX_MS = 60_000;

/**
 * Who should answer whom: requests a second from each origin to each site (origin by origin), such that the sum of all ways and waits is the least
 * that it can be. A min-cost flow whose costs rise with the load, solved without steps: one origin after the other takes what is
 * cheapest for it, given what the others have, at one price: the way and the price of waiting are the same at all that it uses, and
 * no less anywhere else. Because costs are convex and no origin's requests bound another's, going round comes to the best for
 * all of them. `flows` is where to begin, and is written. With one origin, one round is exact.
 *
 * An origin that may be sent nowhere gets nothing, and one for which all sites together have no room, since they keep it for others, gets what there is.
 */
export function assign(origins: readonly Origin[], sites: readonly Site[], flows: Float64Array): void {
  const busy = new Float64Array(sites.length);
  for (const at of flows.keys()) busy[at % sites.length] = (busy[at % sites.length] as number) + (flows[at] as number);
  const all = origins.reduce((sum, { rate }) => sum + rate, 0);
  for (let round = 0; round < roundsOf(origins.length, sites.length); round += 1) {
    let moved = 0;
    for (const [at, origin] of origins.entries()) {
      const own = flows.subarray(at * sites.length, (at + 1) * sites.length);
      for (let to = 0; to < sites.length; to += 1) busy[to] = Math.max(0, (busy[to] as number) - (own[to] as number));
      moved += fill(origin, sites, busy, own);
      for (let to = 0; to < sites.length; to += 1) busy[to] = (busy[to] as number) + (own[to] as number);
    }
    if (moved <= MOVES_MIN * all) return;
  }
}

function roundsOf(origins: number, sites: number): number {
  if (origins === 1) return 1;
  const affordable = Math.floor(LOOKS_MAX / (HALVINGS * origins * sites));
  return Math.max(ROUNDS_MIN, Math.min(ROUNDS_MAX, affordable));
}

/** Sends the requests of one origin, beside what the others send (`others`). Returns how much of it has moved. */
function fill(origin: Origin, sites: readonly Site[], others: Float64Array, own: Float64Array): number {
  let low = Number.POSITIVE_INFINITY;
  for (const ms of origin.wayMs) if (ms < low) low = ms;
  const rate = Math.min(origin.rate, roomFor(origin, sites, others));
  if (low > WAY_MAX_MS || rate <= 0) {
    own.fill(0);
    return 0;
  }
  // There is a price at which there is room for all of it: beyond full, too.
  let high = low + 1;
  while (taken(origin, sites, others, high) < rate) high = low + (high - low) * 2;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (taken(origin, sites, others, middle) < rate) low = middle;
    else high = middle;
  }
  // At a price where nobody waits yet, a site takes nothing just below it and a good part just above: what is missing is taken of that.
  const [under, over] = [taken(origin, sites, others, low), taken(origin, sites, others, high)];
  const part = over === under ? 0 : (rate - under) / (over - under);
  let moved = 0;
  for (let to = 0; to < sites.length; to += 1) {
    const least = takenAt(origin, sites, others, { to, price: low });
    const next = least + part * (takenAt(origin, sites, others, { to, price: high }) - least);
    moved += Math.abs(next - (own[to] as number));
    own[to] = next;
  }
  return moved;
}

/** How many requests a second of an origin there is room for, whatever the price: infinitely many where any site keeps nothing for others. */
function roomFor({ wayMs, upTo }: Origin, sites: readonly Site[], others: Float64Array): number {
  if (upTo === undefined) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const [to, { rate }] of sites.entries()) {
    if ((wayMs[to] as number) <= WAY_MAX_MS) sum += Math.max(0, rate * (upTo[to] as number) - (others[to] as number));
  }
  // What is bounded is reached at some price, but for what rounding leaves.
  return sum * (1 - 1e-9);
}

/** How many requests a second an origin would send at a price, in ms. */
function taken(origin: Origin, sites: readonly Site[], others: Float64Array, price: number): number {
  let sum = 0;
  for (let to = 0; to < sites.length; to += 1) sum += takenAt(origin, sites, others, { to, price });
  return sum;
}

function takenAt({ wayMs, upTo }: Origin, sites: readonly Site[], others: Float64Array, at: Priced): number {
  const way = wayMs[at.to] as number;
  if (way > WAY_MAX_MS || at.price <= way) return 0;
  const { rate, serviceMs, price } = sites[at.to] as Site;
  const busy = price.busyAtPrice((at.price - way) / serviceMs);
  return Math.max(
    0,
    rate * (upTo === undefined ? busy : Math.min(busy, upTo[at.to] as number)) - (others[at.to] as number),
  );
}

type Priced = { readonly to: number; readonly price: number };
