import type { Sleep } from '../table/loop.ts';
import type { EdgeThreads } from './edge-threads.ts';

/** Where the file names no time for it: the part of the drain time in which connections are still taken, so that load balancers notice. */
export const NOTICE_SHARE = 0.2;
export const NOTICE_MAX_MS = 5000;

export type ShutdownDeps = {
  readonly drainMs: () => number;
  /** How long it serves on as ever, but for saying that it is not ready. */
  readonly lameDuckMs: () => number;
  /** From now on everybody who asks hears that no more traffic is wanted. */
  readonly unready: () => void;
  /** A phase begins, which takes at most so long. */
  readonly entered: (phase: Exclude<ShutdownPhase, 'serving'>, forMs: number) => void;
  readonly threads: EdgeThreads;
  readonly sleep: Sleep;
  /** Ends everything that is not an edge thread. */
  readonly end: () => Promise<void>;
};

/** How far a shutdown is. */
export type ShutdownPhase = 'serving' | 'lame-duck' | 'draining' | 'cutting';

/**
 * How a Meridian ends: it says that it is not ready and serves on for the lame duck's time; then answers close their connections, and
 * after a while for that to be noticed it takes no more connections, finishes what it has within the drain time, and cuts
 * off what is left.
 */
export class Shutdown {
  readonly #deps: ShutdownDeps;
  readonly #skipped = new AbortController();
  readonly #forced = new AbortController();
  #phase: ShutdownPhase = 'serving';
  #stopping: Promise<void> | undefined;

  constructor(deps: ShutdownDeps) {
    this.#deps = deps;
  }

  get begun(): boolean {
    return this.#phase !== 'serving';
  }

  get phase(): ShutdownPhase {
    return this.#phase;
  }

  /** Begins the end; called again, it leaves out what is left of the phase that it is in. Resolves when everything has ended. */
  stop(): Promise<void> {
    if (this.#phase === 'lame-duck') {
      this.#phase = 'draining';
      this.#skipped.abort();
    } else if (this.#phase === 'draining') this.#cut();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Ends at once. */
  force(): Promise<void> {
    this.#cut();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #cut(): void {
    if (this.#phase !== 'cutting') this.#enter('cutting', 0);
    this.#skipped.abort();
    this.#forced.abort();
  }

  async #stop(): Promise<void> {
    const { threads, sleep, drainMs, end } = this.#deps;
    const { signal } = this.#forced;
    await this.#lameDuck();
    if (this.#phase === 'draining') this.#deps.entered('draining', drainMs());
    const noticeMs = Math.min(NOTICE_MAX_MS, drainMs() * NOTICE_SHARE);
    threads.drain();
    await sleep(noticeMs, signal);
    // Whoever is first ends the other's wait: a timer that nobody needs would keep the process alive.
    const finished = new AbortController();
    const stopped = threads.stop().then(() => finished.abort());
    await Promise.race([stopped, sleep(drainMs() - noticeMs, AbortSignal.any([signal, finished.signal]))]);
    if (!finished.signal.aborted && !signal.aborted) this.#enter('cutting', 0);
    await threads.cut();
    await end();
  }

  #enter(phase: Exclude<ShutdownPhase, 'serving'>, forMs: number): void {
    this.#phase = phase;
    this.#deps.entered(phase, forMs);
  }

  async #lameDuck(): Promise<void> {
    const { unready, sleep, lameDuckMs } = this.#deps;
    unready();
    if (this.#phase === 'cutting') return;
    const ms = lameDuckMs();
    if (ms > 0) this.#enter('lame-duck', ms);
    else this.#phase = 'draining';
    if (ms > 0) await sleep(ms, this.#skipped.signal);
    if (this.#phase === 'lame-duck') this.#phase = 'draining';
  }
}
