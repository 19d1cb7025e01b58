import type { Clock } from '../table/clock.ts';
import type { Region } from './region.ts';

/**
 * How far each region is behind this one: the time since its store was last known to have everything that this region's
 * store had. Only the keeper measures it, by its own clock alone; the others learn it from the keeper's digest, and count on
 * by theirs.
 */
export class Lags {
  readonly #source: string;
  readonly #clock: Clock;
  readonly #inStepMs = new Map<string, number>();

  constructor(source: string, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** After a round with `target`: it was in step when this region's store was last read, if nothing is owed to it. */
  measure(primary: Region, target: Region): void {
    if (target === primary || !target.isInStep() || !primary.isKept()) return;
    this.#was(target.name, Math.min(primary.readAtMs, target.contactMs));
  }

  /** What the keeper had measured `ageMs` ago: milliseconds by region. */
  learn(lags: Readonly<Record<string, number>>, ageMs: number): void {
    for (const [target, ms] of Object.entries(lags)) this.#was(target, this.#clock.nowMs() - ageMs - ms);
  }

  /** Milliseconds; 0 for this region itself, Infinity for one that was never known to be in step. */
  ms(target: string): number {
    if (target === this.#source) return 0;
    const sinceMs = this.#inStepMs.get(target);
    return sinceMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, this.#clock.nowMs() - sinceMs);
  }

  #was(target: string, atMs: number): void {
    this.#inStepMs.set(target, Math.max(atMs, this.#inStepMs.get(target) ?? atMs));
  }
}
