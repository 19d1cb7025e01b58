/** What requests took is forgotten to a half in this time while there are others … */
export const HALF_LIFE_MS = 2000;
/** … or in less where there are many: remembering so many of them is enough … */
const REMEMBERED = 400;
/** … but never in less than this: by a shorter memory, every edge follows queues that come and go by chance, and swings (docs/decisions/0125-as-often-as-requests-come.md). */
export const HALF_LIFE_MIN_MS = 1000;
/** Looks are no further apart than this, and what is told of has come since the last; so what a longer time says is taken for what this one does. */
export const LOOK_MAX_MS = 1000;

/**
 * How long requests of late took at one endpoint. None of them is remembered by itself: there are sums, which are halved with every half-life. Where many
 * requests come, a second of them says as much as many do elsewhere, and whatever follows from it can follow sooner.
 */
export class AnswerTimes {
  #sumMs = 0;
  #count = 0;
  #refused = 0;
  /** In how long they came, forgotten as they are. */
  #spanMs = 0;
  #atMs = 0;
  #halfLifeMs = HALF_LIFE_MS;

  /** So many requests took so much together, since the last time, and `refused` others were refused. */
  add(sumMs: number, count: number, nowMs: number, refused = 0): void {
    const kept = this.#kept(nowMs);
    this.#refused = this.#refused * kept + refused;
    this.#sumMs = this.#sumMs * kept + sumMs;
    this.#count = this.#count * kept + count;
    this.#spanMs = this.#spanMs * kept + Math.min(LOOK_MAX_MS, Math.max(1, nowMs - this.#atMs));
    this.#atMs = nowMs;
    this.#halfLifeMs = Math.max(HALF_LIFE_MIN_MS, Math.min(HALF_LIFE_MS, (REMEMBERED * Math.LN2) / this.perMs));
  }

  /** The mean of those remembered; NaN when there are none. */
  get meanMs(): number {
    return this.#sumMs / this.#count;
  }

  /** How many are remembered, since the last were added. */
  get count(): number {
    return this.#count;
  }

  /** The part of those that came which was refused, 0 to 1; 0 when none came. */
  get refusedShare(): number {
    return this.#refused === 0 ? 0 : this.#refused / (this.#count + this.#refused);
  }

  /** When the last were added. */
  get atMs(): number {
    return this.#atMs;
  }

  /** In which half of them is forgotten now. */
  get halfLifeMs(): number {
    return this.#halfLifeMs;
  }

  /** Requests a ms, by those that are remembered; NaN when there are none. */
  get perMs(): number {
    return this.#count / this.#spanMs;
  }

  /** The same if none have come since. */
  perMsAt(nowMs: number): number {
    return this.perMs * this.#kept(nowMs);
  }

  #kept(nowMs: number): number {
    return 2 ** (-Math.max(0, nowMs - this.#atMs) / this.#halfLifeMs);
  }
}
