/**
 * Requests per time by GCRA, the generic cell rate algorithm (ITU-T I.371): one number says when the next request is due if all came
 * evenly. A request may come early by as much as the burst allows, and each moves the due time on by one interval. That is a bucket
 * which leaks, without a clock that fills it.
 *
 * The number is in shared memory and changed by compare-and-exchange: threads count exactly together, and none waits for another. A
 * thread that finds the number changed under it looks again; of several at once one always gets on.
 */
export type Rate = {
  /** Nanoseconds between requests at the full rate; at least 1,000. */
  readonly intervalNs: bigint;
  /** So many intervals may a due time lie ahead: the requests that may come at once. */
  readonly burstNs: bigint;
};

export const NANOSECONDS_PER_MS = 1e6;

/** A rate above 0, at most a million a second; `burst` requests, at least one, may come at once. */
export function rateOf(requestsPerSecond: number, burst: number): Rate {
  const intervalNs = BigInt(Math.round(1e9 / requestsPerSecond));
  return { intervalNs, burstNs: intervalNs * BigInt(burst) };
}

/** The part of a rate that is an edge's: as many fewer requests in the same time, and as many fewer at once, but one. `share`: above 0, at most 1. */
export function partOf({ intervalNs, burstNs }: Rate, share: number): Rate {
  const interval = BigInt(Math.round(Number(intervalNs) / share));
  return { intervalNs: interval, burstNs: burstNs > interval ? burstNs : interval };
}

/** The table's clock in nanoseconds. */
export function nanoseconds(nowMs: number): bigint {
  return BigInt(Math.round(nowMs * NANOSECONDS_PER_MS));
}

/** The due time after a request at `nowNs`, or undefined when it comes too early. */
export function nextDue(dueNs: bigint, nowNs: bigint, { intervalNs, burstNs }: Rate): bigint | undefined {
  const next = (dueNs > nowNs ? dueNs : nowNs) + intervalNs;
  return next - nowNs <= burstNs ? next : undefined;
}

/**
 * Takes a request out of the cell `at`: 0 when it may come; otherwise the milliseconds until one may. A due time that is much further ahead
 * than the burst allows was written under another rate, and is drawn in. One that is a little further was written by a thread whose
 * reading of the clock is newer.
 */
export function takeRate(due: BigInt64Array, at: number, nowNs: bigint, rate: Rate): number {
  for (;;) {
    const dueNs = Atomics.load(due, at);
    const next = nextDue(dueNs, nowNs, rate);
    if (next === undefined) {
      const latest = nowNs + rate.burstNs;
      if (dueNs > latest + NEWER_NS) {
        Atomics.compareExchange(due, at, dueNs, latest);
        continue;
      }
      return Number(dueNs + rate.intervalNs - latest) / NANOSECONDS_PER_MS;
    }
    if (Atomics.compareExchange(due, at, dueNs, next) === dueNs) return 0;
  }
}

/** No thread goes by a reading of the clock that is older than this. */
const NEWER_NS = 10_000_000_000n;

/** Gives back what was taken, for a request that another limit has refused. */
export function giveBackRate(due: BigInt64Array, at: number, { intervalNs }: Rate): void {
  Atomics.sub(due, at, intervalNs);
}
