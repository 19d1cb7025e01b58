import type { Sleep } from '../table/loop.ts';

/** A wait that can be cut short: what rings while nobody waits cuts the next wait. */
export class Alarm {
  #ringing = new AbortController();

  ring(): void {
    this.#ringing.abort();
  }

  /** Waits `ms`, or less when it rings or `signal` aborts; never rejects. */
  async wait(ms: number, sleep: Sleep, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const cut = () => stop.abort();
    signal.addEventListener('abort', cut, { once: true });
    this.#ringing.signal.addEventListener('abort', cut, { once: true });
    if (!signal.aborted && !this.#ringing.signal.aborted) await sleep(Math.max(0, ms), stop.signal);
    signal.removeEventListener('abort', cut);
    this.#ringing = new AbortController();
  }
}
