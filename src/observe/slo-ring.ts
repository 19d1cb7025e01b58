/** Requests that were answered well and badly. Sums over windows may have parts of one, see `CountRing.sum`. */
export type Counts = { readonly good: number; readonly bad: number };

/**
 * One bucket that is not empty: how long before the saving it began, in widths of a bucket (the whole part is how many
 * buckets before the newest), good, bad.
 */
export type SavedBucket = readonly [age: number, good: number, bad: number];

/**
 * Counts over time in a fixed number of buckets of one width, as a ring: the newest overwrites the oldest, and a time in
 * which nothing was added is empty. Times are monotonic milliseconds, so that a wall clock that jumps moves nothing.
 */
export class CountRing {
  readonly #widthMs: number;
  readonly #good: Float64Array;
  readonly #bad: Float64Array;
  #newest = Number.NEGATIVE_INFINITY;
  /** Where the bounds of buckets lie: at this time and whole widths from it. */
  #boundMs = 0;
  /** When something was last counted. */
  #addedMs = Number.NEGATIVE_INFINITY;

  /** Room for windows up to `windowMs`: those buckets, the one that is being filled, and the part of one more. */
  constructor(widthMs: number, windowMs: number) {
    const buckets = Math.ceil(windowMs / widthMs) + 2;
    this.#widthMs = widthMs;
    this.#good = new Float64Array(buckets);
    this.#bad = new Float64Array(buckets);
  }

  /** Counts at a time; what is older than the ring reaches back is left out. */
  add(nowMs: number, { good, bad }: Counts): void {
    this.#addedMs = Math.max(this.#addedMs, nowMs);
    const index = Math.floor(this.#bucketsTo(nowMs));
    this.#advance(index);
    if (index <= this.#newest - this.#good.length) return;
    const cell = this.#cell(index);
    this.#good[cell] = (this.#good[cell] as number) + good;
    this.#bad[cell] = (this.#bad[cell] as number) + bad;
  }

  /**
   * Counts of the last `windowMs`, which must be no longer than the ring was made for. Of the bucket that the window
   * begins in, the same share is taken as lies in the window.
   */
  sum(nowMs: number, windowMs: number): Counts {
    const now = this.#bucketsTo(nowMs);
    const current = Math.floor(now);
    const buckets = Math.max(0, windowMs / this.#widthMs - (now - current));
    const whole = Math.floor(buckets);
    // What is not kept is nothing: neither what is newer than the newest, nor what was overwritten.
    const from = Math.min(current, this.#newest);
    const to = Math.max(current - whole - 1, this.#newest - this.#good.length + 1);
    let good = 0;
    let bad = 0;
    for (let index = from, cell = this.#cell(from); index >= to; index -= 1) {
      const share = current - index <= whole ? 1 : buckets - whole;
      good += share * (this.#good[cell] as number);
      bad += share * (this.#bad[cell] as number);
      cell = cell === 0 ? this.#good.length - 1 : cell - 1;
    }
    return { good, bad };
  }

  /** What is not empty, newest first, for `restore`. */
  save(nowMs: number): readonly SavedBucket[] {
    const now = this.#bucketsTo(nowMs);
    const current = Math.floor(now);
    return Array.from(this.#good, (_, age): SavedBucket => {
      const index = current - age;
      return [now - index, this.#read(this.#good, index), this.#read(this.#bad, index)];
    }).filter(([, good, bad]) => good > 0 || bad > 0);
  }

  /**
   * Takes in what was saved at `savedMs` by this clock (which may be before it began, so negative). The bounds of buckets
   * move to where they were in what was saved: put into buckets of other bounds, counts would be up to a width older
   * after each restart. What this ring has counted itself, since the process began, goes to the nearest bucket.
   */
  restore(buckets: readonly SavedBucket[], savedMs: number): void {
    const [first] = buckets;
    if (first === undefined) return;
    const own = Array.from(this.#good, (_, age) => this.#newest - age).map((index) => ({
      // Nothing is counted at a time that is still to come.
      middleMs: Math.min(this.#boundMs + (index + 0.5) * this.#widthMs, this.#addedMs),
      good: this.#read(this.#good, index),
      bad: this.#read(this.#bad, index),
    }));
    this.#good.fill(0);
    this.#bad.fill(0);
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#boundMs = savedMs - first[0] * this.#widthMs;
    const saved = buckets.map(([age, good, bad]) => ({ middleMs: savedMs + (0.5 - age) * this.#widthMs, good, bad }));
    for (const { middleMs, good, bad } of [...saved, ...own].toReversed()) {
      if (good > 0 || bad > 0) this.add(middleMs, { good, bad });
    }
  }

  #bucketsTo(nowMs: number): number {
    return (nowMs - this.#boundMs) / this.#widthMs;
  }

  #advance(to: number): void {
    const from = Math.max(this.#newest, to - this.#good.length);
    for (let index = from + 1; index <= to; index += 1) {
      this.#good[this.#cell(index)] = 0;
      this.#bad[this.#cell(index)] = 0;
    }
    this.#newest = Math.max(this.#newest, to);
  }

  #read(column: Float64Array, index: number): number {
    if (index > this.#newest || index <= this.#newest - column.length) return 0;
    return column[this.#cell(index)] as number;
  }

  #cell(index: number): number {
    const { length } = this.#good;
    return ((index % length) + length) % length;
  }
}
