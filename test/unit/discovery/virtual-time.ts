import { setImmediate as turn } from 'node:timers/promises';
import type { Event } from '../../../src/table/event.ts';
import type { LoopDeps } from '../../../src/table/loop.ts';

/** Time that stands still until a test moves it, with everything a loop is handed. `draws` are repeated for ever. */
export class VirtualTime {
  readonly events: Event[] = [];
  readonly stop = new AbortController();
  readonly deps: LoopDeps;
  nowMs = 0;
  #sleepers: { atMs: number; wake: () => void }[] = [];

  constructor(draws: readonly number[] = [0.5]) {
    let drawn = 0;
    this.deps = {
      clock: { nowMs: () => this.nowMs },
      random: () => draws[drawn++ % draws.length] as number,
      emit: (event) => this.events.push(event),
      signal: this.stop.signal,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  /** How many wait for time to pass. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** Lets `ms` pass, waking sleepers in order and letting what they do come to rest in between. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      await this.settle();
      const next = this.#sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.wake();
    }
    this.nowMs = endMs;
    await this.settle();
  }

  /** Lets promises come to rest without time passing. */
  async settle(): Promise<void> {
    for (let i = 0; i < 5; i += 1) await turn();
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = {
      // A sleep always takes time, or a loop that is always due would keep the test from ever ending.
      atMs: this.nowMs + Math.max(1, ms),
      wake: () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal.removeEventListener('abort', sleeper.wake);
        resolve();
      },
    };
    this.#sleepers.push(sleeper);
    signal.addEventListener('abort', sleeper.wake, { once: true });
    if (signal.aborted) sleeper.wake();
    return promise;
  }
}
