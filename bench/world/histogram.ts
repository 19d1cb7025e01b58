/** Buckets for each factor of e: a quantile is right to about one per cent. */
const BUCKETS_PER_E = 100;
const BUCKETS = 1400;

/** Times from 1 ms to some twenty minutes. */
export class Histogram {
  readonly #cells = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#sum / this.#count;
  }

  add(ms: number): void {
    const at = Math.min(BUCKETS - 1, Math.max(0, (Math.log(ms) * BUCKETS_PER_E) | 0));
    this.#cells[at] = (this.#cells[at] as number) + 1;
    this.#count += 1;
    this.#sum += ms;
  }

  /** The time that `share` of all are below. */
  quantile(share: number): number {
    let left = share * this.#count;
    for (let at = 0; at < BUCKETS; at += 1) {
      left -= this.#cells[at] as number;
      if (left <= 0) return Math.exp((at + 0.5) / BUCKETS_PER_E);
    }
    return Number.NaN;
  }
}
