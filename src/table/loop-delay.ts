import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How often a thread that has work, and one that has none, looks how late it is. Each look wakes it. */
export const FINE_MS = 10;
export const COARSE_MS = 250;

/** The share of its time from which on a thread has work. */
export const BUSY_SHARE = 0.02;

/** How much later than asked for the event loop came to its timers since the last reading, in milliseconds. */
export type LoopDelayReading = {
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
};

/**
 * How late a thread's event loop is. A timer that tells that to ten milliseconds wakes a thread a hundred times a second, which is
 * most of what an idle one does; so while there is no work it looks rarely. What holds a loop up is work: it shows in the
 * share of the time that the loop was busy, and from the next reading on is looked at closely.
 */
export class LoopDelay {
  readonly #fine = monitorEventLoopDelay({ resolution: FINE_MS });
  readonly #coarse = monitorEventLoopDelay({ resolution: COARSE_MS });
  #used: ReturnType<typeof performance.eventLoopUtilization> | undefined;
  #current: ReturnType<typeof monitorEventLoopDelay>;
  #everyMs = COARSE_MS;

  constructor() {
    this.#current = this.#coarse;
    this.#current.enable();
  }

  /** How often it looks now. */
  get everyMs(): number {
    return this.#everyMs;
  }

  /** What it has seen since it was read last. */
  read(): LoopDelayReading {
    const of = this.#current;
    const late = (ns: number) => Math.max(0, ns / 1e6 - this.#everyMs);
    const reading = {
      maxMs: late(of.max),
      p50Ms: late(of.percentile(50)),
      p90Ms: late(of.percentile(90)),
      p99Ms: late(of.percentile(99)),
    };
    of.reset();
    this.#choose();
    return reading;
  }

  close(): void {
    this.#current.disable();
  }

  #choose(): void {
    const used = performance.eventLoopUtilization();
    // Until the first reading the thread was starting, which is no work that goes on.
    const { utilization } = this.#used === undefined ? NOTHING : performance.eventLoopUtilization(used, this.#used);
    this.#used = used;
    const everyMs = utilization >= BUSY_SHARE ? FINE_MS : COARSE_MS;
    if (everyMs === this.#everyMs) return;
    this.#current.disable();
    this.#everyMs = everyMs;
    this.#current = everyMs === FINE_MS ? this.#fine : this.#coarse;
    this.#current.reset();
    this.#current.enable();
  }
}

const NOTHING = { utilization: 0 };
