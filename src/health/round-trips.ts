import type { LiveColumns } from '../table/endpoint-table.ts';
import type { TrafficCounts } from './evidence.ts';

/** Checks whose quicker ones are the round trip: five minutes of them, by default. What nearly all of them take is the way. */
export const CHECKS_KEPT = 30;
/** What requests took is forgotten to a half in this time while there are others. */
const HALF_LIFE_MS = 2000;
/** Requests that must be remembered for their mean to say anything. */
const REQUESTS_MIN = 4;
/** Without requests, what they took is news for so long; checks say what they can after it. */
const STALE_MS = 10_000;
/** Less than this, or than this part of what is usual, is chance and no slowness. */
export const SLOW_MIN_MS = 10;
export const SLOW_MIN_SHARE = 0.5;
/** From so much on, and twice what is usual, an endpoint is too slow to be sent to while there is another. */
export const TOO_SLOW_MS = 200;

/**
 * How far the endpoints of one service are from this edge, and how slow they are beside that. A health check goes the way and
 * hardly more, so a quick one of the last ones, one quarter down from the quickest, is the round trip. A request's time to first byte is the round trip and the
 * endpoint's own time; what is *usual* for the service is what the middle one of its endpoints takes; what one takes longer is
 * its slowness: a queue, a bad disk, a detour. Both count in a score, as milliseconds that a client waits.
 */
export class RoundTrips {
  readonly #rows = new Map<number, Row>();
  #usualMs = Number.NaN;

  /** What the middle endpoint of the service takes for a request, without the way; NaN until there have been requests. */
  get usualMs(): number {
    return this.#usualMs;
  }

  /** A check was answered after `latencyMs`. */
  checked(row: number, latencyMs: number): void {
    const it = this.#row(row);
    it.checksMs.push(latencyMs);
    if (it.checksMs.length > CHECKS_KEPT) it.checksMs.shift();
    it.baseMs = it.checksMs.toSorted((a, b) => a - b)[(it.checksMs.length - 1) >> 2] as number;
    it.lastCheckMs = latencyMs;
  }

  /** Requests were answered. */
  counted(row: number, { firstByteSumMs, firstByteCount }: TrafficCounts, nowMs: number): void {
    const it = this.#row(row);
    if (firstByteCount === 0) return;
    const kept = 2 ** (-Math.max(0, nowMs - it.atMs) / HALF_LIFE_MS);
    it.sumMs = it.sumMs * kept + firstByteSumMs;
    it.count = it.count * kept + firstByteCount;
    it.atMs = nowMs;
  }

  /** Writes what is known now of the service's endpoints, which are in `rows`. */
  settle(rows: readonly number[], capacities: readonly number[], live: LiveColumns, nowMs: number): void {
    const takes = rows.map((row) => this.#takesMs(this.#row(row), nowMs));
    const known = takes.filter((ms, at) => !Number.isNaN(ms) && this.#row(rows[at] as number).count >= 20).sort((a, b) => a - b);
    const quick = known.length > 0 ? (known[(known.length - 1) >> 2] as number) : Number.NaN;
    if (Number.isNaN(this.#usualMs)) this.#usualMs = quick;
    else this.#usualMs = Math.min(this.#usualMs * 1.002, Number.isNaN(quick) ? this.#usualMs : quick);
    const usualMs = this.#usualMs;
    if (E['DBG'] && Math.abs(nowMs - Number(E['DBG'])) < 500) console.log('U', usualMs.toFixed(1), rows.map((row, at) => `[b${this.#row(row).baseMs.toFixed(0)} d${takes[at]?.toFixed(0)} n${this.#row(row).count.toFixed(0)} m${(live.inFlightMean[row] as number).toFixed(1)}+${(live.fleetInFlight[row] as number).toFixed(1)}/${capacities[at]} f${(live.capacityFit[row] as number).toFixed(2)} r${(live.room[row] as number).toFixed(2)} ${live.tooSlow[row]}]`).join(' '));
    for (const [at, row] of rows.entries()) {
      const it = this.#row(row);
      const ownMs = takes[at] as number;
      const slowMs = Math.max(orZero(ownMs - usualMs), orZero(it.lastCheckMs - it.baseMs));
      const isSlow = slowMs >= SLOW_MIN_MS && slowMs >= SLOW_MIN_SHARE * orZero(usualMs);
      live.slowMs[row] = isSlow ? slowMs : 0;
      live.tooSlow[row] = isSlow && slowMs >= TOO_SLOW_MS && slowMs >= orZero(usualMs) ? 1 : 0;
      if (it.count >= 20 && nowMs - it.atMs < 1500 && live.tooSlow[row] === 0) {
        const said = live.capacity[row] as number;
        const load = (live.inFlightMean[row] as number) + (live.fleetInFlight[row] as number);
        live.capacityFit[row] = nextFit(live.capacityFit[row] as number, load / (said > 0 ? said : (capacities[at] as number)), (ownMs - usualMs) / usualMs);
      } else live.capacityFit[row] = (live.capacityFit[row] as number) ** 0.98;
      if (Number.isNaN(it.baseMs)) continue;
      live.rttMs[row] = it.baseMs;
      const thereMs = Number.isNaN(ownMs) ? usualMs : ownMs;
      if (!Number.isNaN(thereMs)) live.atEndpoint[row] = Math.max(1, thereMs) / (Math.max(1, thereMs) + it.baseMs);
    }
  }

  /** Only those that are checked now. */
  keep(rows: ReadonlySet<number>): void {
    for (const row of this.#rows.keys()) if (!rows.has(row)) this.#rows.delete(row);
  }

  #takesMs({ baseMs, sumMs, count, atMs }: Row, nowMs: number): number {
    if (count < REQUESTS_MIN || nowMs - atMs > STALE_MS) return Number.NaN;
    return Math.max(0, sumMs / count - baseMs);
  }

  #row(row: number): Row {
    let it = this.#rows.get(row);
    if (it === undefined) {
      it = { checksMs: [], baseMs: Number.NaN, lastCheckMs: Number.NaN, sumMs: 0, count: 0, atMs: 0 };
      this.#rows.set(row, it);
    }
    return it;
  }
}

const E = process.env;
const [WH, WL, XG, UP, DN, XM] = ['WH', 'WL', 'XG', 'UP', 'DN', 'XM'].map((n, i) => Number(E[n] ?? [0.35, 0.15, 0.45, 0.05, 0.15, 1.2][i])) as [number, number, number, number, number, number];
export function nextFit(fit: number, load: number, waits: number): number {
  const x = load / fit;
  if (waits > WH) return x > XM ? fit : Math.max(1 / 16, fit * (1 - DN * Math.min(1, waits)));
  if (waits < WL && x > XG) return Math.min(16, fit * (1 + UP));
  return x < XG ? fit ** 0.995 : fit;
}

function orZero(ms: number): number {
  return Number.isNaN(ms) ? 0 : ms;
}

type Row = {
  readonly checksMs: number[];
  baseMs: number;
  lastCheckMs: number;
  sumMs: number;
  count: number;
  atMs: number;
};
