import type { Clock } from './clock.ts';
import type { Emit } from './event.ts';

/** What this machine has run out of is told at most this often. */
export const SHORTAGE_TOLD_MS = 60_000;

/** Connections that could not be made because this machine had run out of something, added up by what it was. */
export class Shortages {
  readonly #clock: Clock;
  readonly #emit: Emit;
  readonly #counts = new Map<string, number>();
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, emit: Emit) {
    this.#clock = clock;
    this.#emit = emit;
  }

  note(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  /** Tells of what has come together, unless something has been told of a short time ago. */
  flush(): void {
    if (this.#counts.size === 0) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#toldMs < SHORTAGE_TOLD_MS) return;
    this.#toldMs = nowMs;
    for (const [code, count] of this.#counts) this.#emit({ type: 'resources-short', code, count });
    this.#counts.clear();
  }
}
