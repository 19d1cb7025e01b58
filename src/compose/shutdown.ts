import type { Sleep } from '../table/loop.ts';
import type { EdgeThreads } from './edge-threads.ts';

/** Where the file names no time for it: the part of the drain time in which connections are still taken, so that load balancers notice. */
export const NOTICE_SHARE = 0.2;
export const NOTICE_MAX_MS = 5000;

export type ShutdownDeps = {
  readonly drainMs: () => number;
  /** How long connections are still taken, before the drain time begins; undefined: for a part of that. */
  readonly lameDuckMs: () => number | undefined;
  readonly threads: EdgeThreads;
  readonly sleep: Sleep;
  /** Ends everything that is not an edge thread. */
  readonly end: () => Promise<void>;
};

/**
 * How a Meridian ends: it says that it is not ready, serves on while that is noticed, takes no more connections, finishes
 * what it has within the drain time, and cuts off what is left.
 */
export class Shutdown {
  readonly #deps: ShutdownDeps;
  readonly #forced = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(deps: ShutdownDeps) {
    this.#deps = deps;
  }

  get begun(): boolean {
    return this.#stopping !== undefined;
  }

  /** Drains and ends. Called a second time, it waits no longer. */
  stop(): Promise<void> {
    if (this.#stopping !== undefined) this.#forced.abort();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Ends at once. */
  force(): Promise<void> {
    this.#forced.abort();
    return this.stop();
  }

  async #stop(): Promise<void> {
    const { threads, sleep, drainMs, lameDuckMs, end } = this.#deps;
    const { signal } = this.#forced;
    const { noticeMs, restMs } = shares(drainMs(), lameDuckMs());
    threads.drain();
    await sleep(noticeMs, signal);
    // Whoever is first ends the other's wait: a timer that nobody needs would keep the process alive.
    const finished = new AbortController();
    const stopped = threads.stop().then(() => finished.abort());
    await Promise.race([stopped, sleep(restMs, AbortSignal.any([signal, finished.signal]))]);
    await threads.cut();
    await end();
  }
}

/** The time in which connections are still taken, and the time for what is in flight after that. */
export function shares(
  drainMs: number,
  lameDuckMs: number | undefined,
): { readonly noticeMs: number; readonly restMs: number } {
  if (lameDuckMs !== undefined) return { noticeMs: lameDuckMs, restMs: drainMs };
  const noticeMs = Math.min(NOTICE_MAX_MS, drainMs * NOTICE_SHARE);
  return { noticeMs, restMs: drainMs - noticeMs };
}
