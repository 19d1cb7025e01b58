import { STATE_BITS } from '../resilience/breaker-cells.ts';
import { withOthers } from '../routing/load.ts';
import { HEALTH_STATE, type LiveColumns } from '../table/endpoint-table.ts';
import { waitsSaid } from './agreed-fit.ts';
import { AnswerTimes, HALF_LIFE_MS, LOOK_MAX_MS } from './answer-times.ts';
import { Calm } from './calm.ts';
import { nextFit, nextProven, unheardFit } from './capacity-fit.ts';
import type { TrafficCounts } from './evidence.ts';
import { QuietTime } from './quiet-time.ts';
import { slownessMs } from './slowness.ts';

import { Way } from './way.ts';

/** Requests that must be remembered for their mean to say how slow an endpoint is, and what is usual. */
const REQUESTS_MIN = 4;
export const REQUESTS_ENOUGH = 30;
/** Without requests, what they took is news for so long; checks say what they can after it. */
const STALE_MS = 10_000;
/** Standard errors of a way that are no waiting, and no slowness. */
const WAY_DOUBT = 2;
/** From so much on, and twice what is usual, an endpoint is too slow to be sent to while there is another … */
export const TOO_SLOW_MS = 200;
/** … as long as requests do not wait at so much of the others, by their capacities. */
const ROOM_SHARE = 0.8;
/** A service that has become slower everywhere is believed to be, at this rate a second. */
const USUAL_RISES = 1.002;
/** What is usual is what the quickest takes and so many standard errors of its way: of many that are far, one is sure to seem quicker than it is. */
const USUAL_WAY_ERRORS = 1.5;
/** A request that an endpoint refuses for want of room counts as one that waited for so many times of service: a queue that is short fills before anybody waits long in it. */
const REFUSED_WAITS = 10;
/** The standard deviation of what requests take, over its mean, where nobody knows more of them. */
const TAKES_VARIES = 0.5;
/** Twice what is usual is the most that an endpoint is believed to need when it is idle. */
const IDLE_MAX = 2;

/** What requests to an endpoint met. */
type Heard = Pick<TrafficCounts, 'firstByteSumMs' | 'firstByteCount'> & { readonly refused?: number };

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
  /** Those of the service, as of the last look. */
  #endpoints: readonly Placed[] = [];
  #usualMs = Number.NaN;
  /** The standard error of the way to the endpoint that has said what is usual. */
  #usualErrorMs = 0;
  #lookedMs = Number.NaN;
  /** How long before this look the last one was. */
  #seconds = LOOK_MAX_MS / 1000;

  /** A check was answered after `latencyMs`, over a connection whose handshake took `handshakeMs`, where it had to be made. */
  checked(row: number, latencyMs: number, handshakeMs?: number): void {
    this.#row(row).way.checked(latencyMs, handshakeMs);
  }

  /** Whether the next check of an endpoint should begin with a handshake. */
  wantsHandshake(row: number): boolean {
    return this.#row(row).way.wantsHandshake;
  }

  /** What requests met since the last look: first bytes, after so much together, and refusals for want of room. */
  counted(row: number, { firstByteSumMs, firstByteCount, refused = 0 }: Heard, nowMs: number): void {
    if (firstByteCount + refused > 0) this.#row(row).times.add(firstByteSumMs, firstByteCount, nowMs, refused);
  }

  /** Writes what is known now of the service's endpoints. */
  settle(endpoints: readonly Placed[], live: LiveColumns, nowMs: number): void {
    const passedMs = nowMs - this.#lookedMs;
    this.#seconds = (passedMs >= 0 ? Math.min(LOOK_MAX_MS, passedMs) : LOOK_MAX_MS) / 1000;
    this.#lookedMs = nowMs;
    this.#endpoints = endpoints;
    const areWell = endpoints.every(({ row }) => isWell(row, live));
    this.#calm.look(areWell, nowMs, this.#seconds);
    const takes = endpoints.map(({ row }) => takesMs(this.#row(row), nowMs));
    this.#learnUsual(endpoints, takes);
    for (const [at, endpoint] of endpoints.entries()) {
      const it = this.#row(endpoint.row);
      const ownMs = takes[at] as number;
      this.#writeSlowness(it, { endpoint, ownMs, nowMs }, live);
      this.#writeFit(it, { endpoint, ownMs, nowMs }, live);
      live.capacityFit[endpoint.row] = this.#calm.settled(
        endpoint.row,
        live.capacityFit[endpoint.row] as number,
        nowMs,
      );
      writeWay(it, Number.isNaN(ownMs) ? this.#usualMs : ownMs, endpoint.row, live);
    }
  }

  /** The standard error of what is known of the way to an endpoint, in ms; 0 where nothing is. */
  wayErrorMs(row: number): number {
    return this.#rows.get(row)?.way.errorMs ?? 0;
  }

  /** How an endpoint has answered requests of the last seconds; undefined where too few have been. */
  answersOf(row: number, nowMs: number): Answers | undefined {
    const it = this.#rows.get(row);
    if (it === undefined || !this.#isHeard(it, nowMs)) return undefined;
    return {
      perMs: it.times.perMsAt(nowMs),
      idleMs: this.#idleMs(it),
      waits: this.#waitsOf(it),
      requests: it.times.count,
    };
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
    let errorMs = 0;
    for (const [at, { row }] of endpoints.entries()) {
      const it = this.#row(row);
      const { errorMs: wayErrorMs } = it.way;
      // One that is far may only seem to be quick, by as much as its way is not known, and any by chance.
      const ms = (takes[at] as number) + USUAL_WAY_ERRORS * wayErrorMs + errorOf(it, takes[at] as number);
      if (it.times.count >= REQUESTS_ENOUGH && ms < quickMs) [quickMs, errorMs] = [ms, wayErrorMs];
    }
    const risenMs = Number.isNaN(this.#usualMs)
      ? Number.POSITIVE_INFINITY
      : this.#usualMs * USUAL_RISES ** this.#seconds;
    if (quickMs < risenMs) [this.#usualMs, this.#usualErrorMs] = [quickMs, errorMs];
    else if (Number.isFinite(risenMs)) this.#usualMs = risenMs;
  }

  #writeSlowness(it: Row, { endpoint: { row }, ownMs, nowMs }: Taken, live: LiveColumns): void {
    const usualMs = orZero(this.#usualMs);
    const { way } = it;
    const isHeard = this.#isHeard(it, nowMs);
    // One check says nothing beside many requests: it may have waited behind them.
    const checkMs = isHeard ? 0 : orZero(way.lastMs - way.ms);
    const requestsMs = orZero(ownMs - this.#usualMs);
    const slowMs = slownessMs({ usualMs, requestsMs, doubtMs: doubtMs(it), checkMs, variesMs: way.variesMs });
    live.slowMs[row] = slowMs;
    const isFar = (ms: number): boolean => ms >= TOO_SLOW_MS && ms >= usualMs;
    live.tooSlow[row] = isFar(checkMs) || (isFar(slowMs) && this.#hasRoom(row, nowMs, live)) ? 1 : 0;
  }

  /**
   * Whether the service's other endpoints could do without one. An endpoint may be slow because it has more requests than it can work on; to send them all to others
   * would make those slow as well, one after the other, and the first one has room again only when there is none elsewhere. Of those that are not heard of nothing is known.
   */
  #hasRoom(without: number, nowMs: number, live: LiveColumns): boolean {
    let heard = 0;
    let unwaited = 0;
    for (const endpoint of this.#endpoints) {
      const it = this.#row(endpoint.row);
      if (endpoint.row === without || !this.#isHeard(it, nowMs)) continue;
      const capacity = declaredOf(endpoint, live);
      heard += capacity;
      if (this.#waitsOf(it) < waitsSaid(capacity)) unwaited += capacity;
    }
    return unwaited >= ROOM_SHARE * heard;
  }

  #writeFit(it: Row, { endpoint, ownMs, nowMs }: Taken, live: LiveColumns): void {
    const { row } = endpoint;
    const fit = live.capacityFit[row] as number;
    if (!this.#isHeard(it, nowMs) || live.tooSlow[row] === 1) {
      live.capacityFit[row] = unheardFit(fit, this.#seconds);
      return;
    }
    const declared = declaredOf(endpoint, live);
    const { times } = it;
    // By Little's law, of the same seconds as the waits are: the ten-second mean is behind when a rush begins, and would make it a small one.
    const own = times.perMs * ownMs;
    const inFlight = withOthers(live, row, own);
    const load = inFlight / declared;
    it.quiet.saw(load, { ms: ownMs, errorMs: errorOf(it, ownMs), usualMs: this.#usualMs }, this.#seconds);
    const idleMs = this.#idleMs(it);
    const look = {
      load,
      waits: (ownMs - idleMs) / idleMs + REFUSED_WAITS * times.refusedShare,
      doubt: doubtMs(it) / idleMs,
      usualDoubt: this.#usualErrorMs / idleMs,
      requests: times.count,
      proven: it.proven,
      capacity: declared,
      others: inFlight > 0 ? 1 - own / inFlight : 0,
      seconds: this.#seconds,
      memorySeconds: times.halfLifeMs / 1000,
    };
    it.proven = nextProven(fit, look);
    live.capacityFit[row] = nextFit(fit, look);
  }

  /** Whether its requests say how full it is: not before a check has told the way from what they take there. */
  #isHeard({ times, way }: Row, nowMs: number): boolean {
    const isKnown = !Number.isNaN(this.#usualMs) && !Number.isNaN(way.ms);
    return isKnown && times.count >= REQUESTS_ENOUGH && nowMs - times.atMs < HALF_LIFE_MS;
  }

  /** How long requests wait at an endpoint beyond what may be its way, in times of service. */
  #waitsOf(it: Row): number {
    const idleMs = this.#idleMs(it);
    const { meanMs, refusedShare } = it.times;
    return Math.max(0, meanMs - it.way.middleMs - doubtMs(it) - idleMs) / idleMs + REFUSED_WAITS * refusedShare;
  }

  /** What a request takes at an endpoint when it does not wait. */
  #idleMs({ quiet }: Row): number {
    return Math.max(1, this.#usualMs, Math.min(IDLE_MAX * this.#usualMs, orZero(quiet.ms)));
  }

  #row(row: number): Row {
    let it = this.#rows.get(row);
    if (it === undefined) {
      it = { way: new Way(), times: new AnswerTimes(), quiet: new QuietTime(), proven: 0 };
      this.#rows.set(row, it);
    }
    return it;
  }
}

/** What an endpoint is said to be built for: by an operator, or else by the file. */
function declaredOf({ row, capacity }: Placed, live: LiveColumns): number {
  const said = live.capacity[row] as number;
  return said > 0 ? said : capacity;
}

/** What requests take at an endpoint, without the way; NaN when too few have said so of late. */
function takesMs({ way, times }: Row, nowMs: number): number {
  if (times.count < REQUESTS_MIN || nowMs - times.atMs > STALE_MS) return Number.NaN;
  return Math.max(0, times.meanMs - way.middleMs);
}

/** The standard error of that mean, in ms. */
function errorOf({ times }: Row, takesMs: number): number {
  return (TAKES_VARIES * takesMs) / Math.sqrt(times.count);
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
  readonly times: AnswerTimes;
  readonly quiet: QuietTime;
  /** The most that its capacity has proven to be of late, over the declared one. */
  proven: number;
};
