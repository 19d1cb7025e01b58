import type { Sleep } from '../../src/table/loop.ts';

type Due = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** Time that passes when everything waits, and as fast as it can. What happens at one time happens in the order it was asked for. */
export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  readonly #heap: Due[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  at(ms: number, run: () => void): void {
    const due = { atMs: this.#nowMs + Math.max(0, ms), order: (this.#order += 1), run };
    let low = 0;
    let high = this.#heap.length;
    // Sorted, the next one last: insertions are mostly near the end.
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#heap[middle] as Due;
      if (other.atMs > due.atMs || (other.atMs === due.atMs && other.order > due.order)) low = middle + 1;
      else high = middle;
    }
    this.#heap.splice(low, 0, due);
  }

  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.at(ms, resolve);
    });

  delay(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(ms, resolve));
  }

  /** Lets `ms` pass, or less when `until` says so. */
  async pass(ms: number, until: () => boolean = () => false): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#heap.at(-1);
      if (until()) return;
      if (next === undefined || next.atMs > endMs) break;
      this.#heap.pop();
      this.#nowMs = next.atMs;
      next.run();
      // Whatever else is due at this very time and was asked for before.
      while (this.#heap.at(-1)?.atMs === this.#nowMs) this.#heap.pop()?.run();
    }
    this.#nowMs = endMs;
  }
}
