import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How often a thread that has work looks how late it is. Each look wakes it. */
export const FINE_MS = 10;
/** One that has none looks at how long each of its turns took, which wakes nothing; a runtime that cannot do that looks this often. */
const COARSE_MS = 250;
export const QUIET_MS = knowsTurns() ? 0 : COARSE_MS;

/** The share of its time from which on a thread has work. */
export const BUSY_SHARE = 0.05;

/** How much later than asked for the event loop came to its timers since the last reading, in milliseconds. */
export type LoopDelayReading = {
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
};

/**
 * How late a thread's event loop is. A timer that tells that to ten milliseconds wakes a thread a hundred times a second, which is
 * more than all else that an idle one does; so while there is no work only the turns that it takes anyhow are timed. What holds a loop up
 * is work: it shows in the share of the time that the loop was busy, and from the next reading on is looked at closely.
 */
export class LoopDelay {
  readonly #fine = monitorEventLoopDelay({ resolution: FINE_MS });
  readonly #quiet = monitorEventLoopDelay({ samplePerIteration: true, resolution: COARSE_MS });
  #used: ReturnType<typeof performance.eventLoopUtilization> | undefined;
  #current: ReturnType<typeof monitorEventLoopDelay>;
  #everyMs = QUIET_MS;

  constructor() {
    this.#current = this.#quiet;
    this.#current.enable();
  }

  /** How often it looks now; 0 is at every turn. */
  get everyMs(): number {
    return this.#everyMs;
  }

  /** What it has seen since it was read last. */
  read(): LoopDelayReading {
    const of = this.#current;
    const share = this.#busyShare();
    const late = (ns: number) => Math.max(0, ns / 1e6 - this.#everyMs);
    // A quiet loop takes a few turns a second, of which one long one would be half. Whoever comes at any moment finds it free, but for the share.
    const percentile = (percent: number) =>
      this.#everyMs === 0 && share <= 1 - percent / 100 ? 0 : late(of.percentile(percent));
    const reading = {
      maxMs: late(of.max),
      p50Ms: percentile(50),
      p90Ms: percentile(90),
      p99Ms: percentile(99),
    };
    of.reset();
    this.#choose(share);
    return reading;
  }

  close(): void {
    this.#current.disable();
  }

  /** The share of the time since the last reading in which the loop was busy. */
  #busyShare(): number {
    const used = performance.eventLoopUtilization();
    // Until the first reading the thread was starting, which is no work that goes on.
    const { utilization } = this.#used === undefined ? NOTHING : performance.eventLoopUtilization(used, this.#used);
    this.#used = used;
    return utilization;
  }

  #choose(share: number): void {
    const everyMs = share >= BUSY_SHARE ? FINE_MS : QUIET_MS;
    if (everyMs === this.#everyMs) return;
    this.#current.disable();
    this.#everyMs = everyMs;
    this.#current = everyMs === FINE_MS ? this.#fine : this.#quiet;
    this.#current.reset();
    this.#current.enable();
  }
}

const NOTHING = { utilization: 0 };

/** Whether the runtime times turns: one that knows the option (from 26.5 on) refuses what is neither true nor false. */
function knowsTurns(): boolean {
  try {
    monitorEventLoopDelay({ samplePerIteration: 'asked' as unknown as boolean });
    return false;
  } catch {
    return true;
  }
}
