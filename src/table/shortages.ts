import type { Clock } from './clock.ts';
import type { Emit } from './event.ts';

/** What the system says when this machine has run out of descriptors, of its own or of all processes, of buffers, of memory, or of ports. */
export const SHORTAGE_CODES = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL'] as const;

/** What this machine has run out of is reported at most this often. */
export const SHORTAGE_REPORT_MS = 60_000;

/** Connections that could not be made because this machine had run out of something, added up by what it was. */
export class Shortages {
  readonly #clock: Clock;
  readonly #emit: Emit;
  readonly #counts = new Map<string, number>();
  #reportedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, emit: Emit) {
    this.#clock = clock;
    this.#emit = emit;
  }

  note(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  /** Reports what has come together, unless it did so a short time ago. */
  flush(): void {
    if (this.#counts.size === 0) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#reportedMs < SHORTAGE_REPORT_MS) return;
    this.#reportedMs = nowMs;
    for (const [code, count] of this.#counts) this.#emit({ type: 'resources-short', code, count });
    this.#counts.clear();
  }
}
