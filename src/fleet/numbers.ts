import type { Random } from '../table/clock.ts';
import type { VectorClock } from './fleet.ts';
import { NUMBER_MAX } from './register-text.ts';

/** Numbers that a millisecond has. */
const PER_MS = 1024;
/** A wall clock that is centuries ahead must not give numbers that no other edge reads, and after which there are none. */
const BY_TIME_MAX = NUMBER_MAX - 2 ** 32;

/**
 * Numbers for the writes of this edge: each is above every one that it has given or seen, and above the time of the wall
 * clock. So an edge that restarts goes on above its earlier numbers without having kept or read any, as long as its wall
 * clock has not gone back; what if it has is said in records.ts. The last digits are drawn, so that even then an earlier
 * life's number is not given again by accident.
 */
export class Numbers {
  readonly #wallMs: () => number;
  readonly #random: Random;
  #top = 0;

  constructor(wallMs: () => number, random: Random) {
    this.#wallMs = wallMs;
    this.#random = random;
  }

  /** A number for a write that has seen `clock`. */
  next(clock: VectorClock): number {
    const byTime = Math.min(BY_TIME_MAX, Math.floor(this.#wallMs()) * PER_MS + Math.floor(this.#random() * PER_MS));
    this.#top = Math.max(this.#top + 1, byTime, ...Object.values(clock).map((number) => number + 1));
    return this.#top;
  }

  /** Takes note of a number under this edge's name; true when it has not given so high a one in this life. */
  met(number: number): boolean {
    if (number <= this.#top) return false;
    this.#top = number;
    return true;
  }
}
