import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How long the demo's own requests took, in milliseconds; NaN when there were none. */
export type Quantiles = { readonly p50Ms: number; readonly p99Ms: number };

/** What the demo's own traffic has seen so far. */
export type TrafficCounts = {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Sent and not answered yet. */
  readonly inFlight: number;
  /** Not sent, because too many were in flight. */
  readonly heldBack: number;
};

/** The view shows quantiles over this time. */
export const RECENT_MS = 5000;
/** At most so many answers are looked at for it: more than ten seconds of the highest rate. */
export const RECENT_MAX = 16_384;
/** Longer answers are counted as this long. */
const TOOK_MAX_MS = 60_000;

/** Counts what becomes of the demo's requests. Time is an argument, in milliseconds of any monotonic clock. */
export class Tally {
  #sent = 0;
  #succeeded = 0;
  #failed = 0;
  #heldBack = 0;
  /** In microseconds. */
  readonly #all: RecordableHistogram = createHistogram({ lowest: 1, highest: TOOK_MAX_MS * 1000, figures: 3 });
  #recent: { readonly atMs: number; readonly tookMs: number }[] = [];

  counts(): TrafficCounts {
    const [sent, succeeded, failed] = [this.#sent, this.#succeeded, this.#failed];
    return { sent, succeeded, failed, inFlight: sent - succeeded - failed, heldBack: this.#heldBack };
  }

  send(): void {
    this.#sent += 1;
  }

  holdBack(): void {
    this.#heldBack += 1;
  }

  succeed(tookMs: number, nowMs: number): void {
    this.#succeeded += 1;
    this.#all.record(Math.min(TOOK_MAX_MS * 1000, Math.max(1, Math.round(tookMs * 1000))));
    if (this.#recent.length >= RECENT_MAX) this.#recent = this.#since(nowMs).slice(RECENT_MAX / 2);
    this.#recent.push({ atMs: nowMs, tookMs });
  }

  fail(): void {
    this.#failed += 1;
  }

  /** A request that the demo itself gave up when it ended: it counts as never sent. */
  abandon(): void {
    this.#sent -= 1;
  }

  /** Of the last five seconds. */
  recent(nowMs: number): Quantiles {
    this.#recent = this.#since(nowMs);
    const sorted = this.#recent.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
  }

  /** Of everything, to three significant figures. */
  overall(): Quantiles {
    if (this.#all.count === 0) return { p50Ms: Number.NaN, p99Ms: Number.NaN };
    return { p50Ms: this.#all.percentile(50) / 1000, p99Ms: this.#all.percentile(99) / 1000 };
  }

  #since(nowMs: number) {
    return this.#recent.filter(({ atMs }) => atMs > nowMs - RECENT_MS);
  }
}

/** The least value that at least `share` of the values do not exceed (nearest rank); NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Share of the finished requests that were answered well, 0 to 1; 1 when none has finished. */
export function availability({ succeeded, failed }: Pick<TrafficCounts, 'succeeded' | 'failed'>): number {
  return succeeded + failed === 0 ? 1 : succeeded / (succeeded + failed);
}
