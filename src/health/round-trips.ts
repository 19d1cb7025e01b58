import { STATE_BITS } from '../resilience/breaker-cells.ts';
import { withOthers } from '../routing/load.ts';
import { HEALTH_STATE, type LiveColumns } from '../table/endpoint-table.ts';
import { Calm } from './calm.ts';
import { nextFit, nextProven, unheardFit } from './capacity-fit.ts';
import type { TrafficCounts } from './evidence.ts';
import { Way } from './way.ts';

/** What requests took is forgotten to a half in this time while there are others. */
const HALF_LIFE_MS = 2000;
/** Requests that must be remembered for their mean to say how slow an endpoint is, and what is usual. */
const REQUESTS_MIN = 4;
export const REQUESTS_ENOUGH = 30;
/** Without requests, what they took is news for so long; checks say what they can after it. */
const STALE_MS = 10_000;
/** Less than this, or than this part of what is usual, is chance and no slowness. */
export const SLOW_MIN_MS = 10;
export const SLOW_MIN_SHARE = 0.5;
/** Standard errors of a way that are no waiting, and no slowness. */
const WAY_DOUBT = 2;
/** One check says that an endpoint is slow when it takes longer by so many times what checks of it vary by. */
const SLOW_VARIES = 2;
/** From so much on, and twice what is usual, an endpoint is too slow to be sent to while there is another. */
export const TOO_SLOW_MS = 200;
/** A service that has become slower everywhere is believed to be, at this rate a look. */
const USUAL_RISES = 1.002;
/** With less than this part of the most that it has had of late, an endpoint shows how fast it is when it is idle. */
const QUIET_SHARE = 0.3;
const MOST_FORGETS = 0.998;
const QUIET_WEIGHT = 0.2;
/** Twice what is usual is the most that an endpoint is believed to need when it is idle. */
const IDLE_MAX = 2;

/** Where an endpoint is in the table, and what the file says of its capacity. */
export type Placed = { readonly row: number; readonly capacity: number };

/**
 * How far the endpoints of one service are from this edge (`way.ts`), and how slow they are beside that. A request's time to first byte is the round trip and the
 * endpoint's own time; what is *usual* for the service is what the quickest of its endpoints takes. What one takes longer is
 * its slowness: a queue, a bad disk, a detour. It counts in a score as milliseconds that a client waits, and what it
 * grows with the load says what the endpoint is built for. See docs/decisions/0045-latency-as-the-bytes-travel.md.
 */
export class RoundTrips {
  readonly #rows = new Map<number, Row>();
  readonly #calm = new Calm();
  #usualMs = Number.NaN;

  /** A check was answered after `latencyMs`. */
  checked(row: number, latencyMs: number): void {
    this.#row(row).way.checked(latencyMs);
  }

  /** Requests were answered. */
  counted(row: number, { firstByteSumMs, firstByteCount }: TrafficCounts, nowMs: number): void {
    if (firstByteCount === 0) return;
    const it = this.#row(row);
    const kept = 2 ** (-Math.max(0, nowMs - it.atMs) / HALF_LIFE_MS);
    it.sumMs = it.sumMs * kept + firstByteSumMs;
    it.count = it.count * kept + firstByteCount;
    it.atMs = nowMs;
  }

  /** Writes what is known now of the service's endpoints. */
  settle(endpoints: readonly Placed[], live: LiveColumns, nowMs: number): void {
    this.#calm.look(
      endpoints.every(({ row }) => isWell(row, live)),
      nowMs,
    );
    const takes = endpoints.map(({ row }) => takesMs(this.#row(row), nowMs));
    this.#learnUsual(endpoints, takes);
    for (const [at, endpoint] of endpoints.entries()) {
      const it = this.#row(endpoint.row);
      const ownMs = takes[at] as number;
      this.#writeSlowness(it, ownMs, endpoint.row, live);
      this.#writeFit(it, { endpoint, ownMs, nowMs }, live);
      live.capacityFit[endpoint.row] = this.#calm.settled(
        endpoint.row,
        live.capacityFit[endpoint.row] as number,
        nowMs,
      );
      writeWay(it, Number.isNaN(ownMs) ? this.#usualMs : ownMs, endpoint.row, live);
    }
  }

  /** How an endpoint has answered requests of the last seconds; undefined where too few have been. */
  answersOf(row: number, nowMs: number): Answers | undefined {
    const it = this.#rows.get(row);
    if (it === undefined || !this.#isHeard(it, nowMs)) return undefined;
    const idleMs = this.#idleMs(it);
    const kept = 2 ** (-Math.max(0, nowMs - it.atMs) / HALF_LIFE_MS);
    const waits = Math.max(0, it.sumMs / it.count - it.way.middleMs - doubtMs(it) - idleMs) / idleMs;
    return { perMs: (it.count * kept * Math.LN2) / HALF_LIFE_MS, idleMs, waits, requests: it.count };
  }

  /** What a request takes at an endpoint of the service that does not let it wait; NaN until that is known. */
  idleMsOf(row: number): number {
    return Number.isNaN(this.#usualMs) ? Number.NaN : this.#idleMs(this.#row(row));
  }

  /** Forgets what is not in one of these rows. */
  keep(rows: ReadonlySet<number>): void {
    for (const row of this.#rows.keys()) if (!rows.has(row)) this.#rows.delete(row);
    this.#calm.keep(rows);
  }

  #learnUsual(endpoints: readonly Placed[], takes: readonly number[]): void {
    let quickMs = Number.POSITIVE_INFINITY;
    for (const [at, { row }] of endpoints.entries()) {
      const { count, way } = this.#row(row);
      // One that is far may only seem to be quick, by as much as its way is not known.
      const ms = (takes[at] as number) + way.errorMs;
      if (count >= REQUESTS_ENOUGH && ms < quickMs) quickMs = ms;
    }
    if (Number.isNaN(this.#usualMs)) this.#usualMs = Number.isFinite(quickMs) ? quickMs : Number.NaN;
    else this.#usualMs = Math.min(this.#usualMs * USUAL_RISES, quickMs);
  }

  #writeSlowness(it: Row, ownMs: number, row: number, live: LiveColumns): void {
    const usualMs = orZero(this.#usualMs);
    const { way } = it;
    const leastMs = Math.max(SLOW_MIN_MS, SLOW_MIN_SHARE * usualMs);
    const requestsMs = orZero(ownMs - this.#usualMs);
    const checkMs = orZero(way.lastMs - way.ms);
    const slowMs = Math.max(
      requestsMs >= leastMs + doubtMs(it) ? requestsMs : 0,
      checkMs >= leastMs + SLOW_VARIES * way.variesMs ? checkMs : 0,
    );
    live.slowMs[row] = slowMs;
    live.tooSlow[row] = slowMs >= TOO_SLOW_MS && slowMs >= usualMs ? 1 : 0;
  }

  #writeFit(it: Row, { endpoint, ownMs, nowMs }: Taken, live: LiveColumns): void {
    const { row, capacity } = endpoint;
    const fit = live.capacityFit[row] as number;
    if (!this.#isHeard(it, nowMs) || live.tooSlow[row] === 1) {
      live.capacityFit[row] = unheardFit(fit);
      return;
    }
    const said = live.capacity[row] as number;
    // By Little's law, of the same seconds as the waits are: the ten-second mean is behind when a rush begins, and would make it a small one.
    const own = ((it.count * Math.LN2) / HALF_LIFE_MS) * ownMs;
    const inFlight = withOthers(live, row, own);
    const load = inFlight / (said > 0 ? said : capacity);
    it.mostLoad = Math.max(load, it.mostLoad * MOST_FORGETS);
    if (load < QUIET_SHARE * it.mostLoad) {
      it.quietMs = Number.isNaN(it.quietMs) ? ownMs : it.quietMs + QUIET_WEIGHT * (ownMs - it.quietMs);
    }
    const idleMs = this.#idleMs(it);
    const waits = (ownMs - idleMs) / idleMs;
    const look = { load, waits, doubt: doubtMs(it) / idleMs, requests: it.count, proven: it.proven };
    it.proven = nextProven(fit, look);
    live.capacityFit[row] = nextFit(fit, look);
  }

  #isHeard(it: Row, nowMs: number): boolean {
    return it.count >= REQUESTS_ENOUGH && nowMs - it.atMs < HALF_LIFE_MS && !Number.isNaN(this.#usualMs);
  }

  /** What a request takes at an endpoint when it does not wait. */
  #idleMs({ quietMs }: Row): number {
    return Math.max(1, this.#usualMs, Math.min(IDLE_MAX * this.#usualMs, orZero(quietMs)));
  }

  #row(row: number): Row {
    let it = this.#rows.get(row);
    if (it === undefined) {
      it = { ...NOTHING_KNOWN, way: new Way() };
      this.#rows.set(row, it);
    }
    return it;
  }
}

/** What requests take at an endpoint, without the way; NaN when too few have said so of late. */
function takesMs({ way, sumMs, count, atMs }: Row, nowMs: number): number {
  return count < REQUESTS_MIN || nowMs - atMs > STALE_MS ? Number.NaN : Math.max(0, sumMs / count - way.middleMs);
}

/** The round trip, and the part of a request's time that is not spent on it. */
function writeWay({ way }: Row, thereMs: number, row: number, live: LiveColumns): void {
  if (Number.isNaN(way.ms)) return;
  live.rttMs[row] = way.ms;
  if (!Number.isNaN(thereMs)) live.atEndpoint[row] = Math.max(1, thereMs) / (Math.max(1, thereMs) + way.ms);
}

/** By how much what requests take there may be no more than the way. */
function doubtMs({ way }: Row): number {
  return WAY_DOUBT * way.errorMs;
}

/** Whether nothing is known against an endpoint. */
function isWell(row: number, { state, breaker, tooSlow, silent }: LiveColumns): boolean {
  const against = ((breaker[row] as number) & STATE_BITS) | (tooSlow[row] as number) | (silent[row] as number);
  return state[row] === HEALTH_STATE.healthy && against === 0;
}

function orZero(ms: number): number {
  return Number.isNaN(ms) ? 0 : ms;
}

/** Requests that an endpoint answers in a ms, how long it works on one, how long one waits over that, and how many have said so. */
export type Answers = {
  readonly perMs: number;
  readonly idleMs: number;
  readonly waits: number;
  readonly requests: number;
};

type Taken = { readonly endpoint: Placed; readonly ownMs: number; readonly nowMs: number };

type Row = {
  readonly way: Way;
  sumMs: number;
  count: number;
  atMs: number;
  mostLoad: number;
  quietMs: number;
  /** The most that its capacity has proven to be of late, over the declared one. */
  proven: number;
};

const NOTHING_KNOWN = {
  sumMs: 0,
  count: 0,
  atMs: 0,
  mostLoad: 0,
  quietMs: Number.NaN,
  proven: 0,
};
