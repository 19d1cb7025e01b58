/** Chance that comes again: all that a case does follows from the run's seed and the case's number. */
export class Dice {
  #state: number;

  constructor(seed: number, nth: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(nth + 1, 0x85ebca6b)) | 0;
    this.below(2);
  }

  /** An integer from 0 up to `limit`, which is left out. */
  below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in `times`. */
  onceIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** Cuts a text at up to `cutsMax` places. */
  cut(text: string, cutsMax: number): string[] {
    const at = Array.from({ length: this.below(cutsMax + 1) }, () => this.below(text.length + 1)).sort((a, b) => a - b);
    return [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length)).filter((piece) => piece !== '');
  }
}
