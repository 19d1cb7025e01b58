/**
 * How long usual answers take, as a quantile that follows what happens: a histogram whose buckets grow by a fifth each, from half a
 * millisecond to a minute, and whose counts are halved every so many answers. Off by a fifth at most, and by what the last few hundred answers
 * do not show yet.
 */
export class Quantile {
  readonly #share: number;
  readonly #counts = new Float64Array(BUCKETS);
  #sum = 0;
  #untilLook = LOOK_EVERY;
  #ms = Number.POSITIVE_INFINITY;

  /** `share` of answers take no longer than it says; above 0 and below 1. */
  constructor(share: number) {
    this.#share = share;
  }

  /** In ms; infinite until there were enough answers. */
  get ms(): number {
    return this.#ms;
  }

  saw(ms: number): void {
    const at = bucketOf(ms);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += 1;
    this.#untilLook -= 1;
    if (this.#untilLook === 0) this.#look();
  }

  #look(): void {
    this.#untilLook = LOOK_EVERY;
    const counts = this.#counts;
    if (this.#sum >= FORGET_AT) {
      this.#sum /= 2;
      for (let i = 0; i < BUCKETS; i += 1) counts[i] = (counts[i] as number) / 2;
    }
    if (this.#sum < ENOUGH) return;
    let left = this.#sum * this.#share;
    let at = 0;
    for (; at < BUCKETS - 1 && left > (counts[at] as number); at += 1) left -= counts[at] as number;
    this.#ms = FIRST_MS * GROWTH ** (at + 1);
  }
}

function bucketOf(ms: number): number {
  if (!(ms > FIRST_MS)) return 0;
  return Math.min(BUCKETS - 1, Math.floor(Math.log(ms / FIRST_MS) / Math.log(GROWTH)));
}

const FIRST_MS = 0.5;
const GROWTH = 1.2;
/** The last one begins at a minute. */
const BUCKETS = 65;
/** Answers before anything is said, between one look and the next, and before what was is halved. */
const ENOUGH = 64;
const LOOK_EVERY = 16;
const FORGET_AT = 1024;
