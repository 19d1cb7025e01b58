import type { Clock } from '../../table/clock.ts';

/** So many writes a second, and as many at once after a pause of a second: a bucket that fills with time. */
export class WriteRate {
  readonly #clock: Clock;
  readonly #perSecond: number;
  #tokens: number;
  #atMs: number;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#atMs = clock.nowMs();
  }

  /** Milliseconds to wait for the next write; 0 when it may be done now, and then it counts as done. */
  take(): number {
    const nowMs = this.#clock.nowMs();
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
    this.#tokens -= 1;
    return 0;
  }
}
