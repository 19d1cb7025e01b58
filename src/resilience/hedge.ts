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

/**
 * Where the slowest answers begin, as a time beyond what is usual. A percentile alone would lose them: when 5.1 % are slow, the 95th is one of
 * the slow ones, and by the time it has passed a second try is of no use. So it is no later than some times what the answers take of which
 * twice as many are slower; a tail that long and that thin is none.
 */
export class TailStart {
  readonly #edge: Quantile;
  readonly #before: Quantile;

  /** `share` of answers are not slow; above 0 and below 1. */
  constructor(share: number) {
    this.#edge = new Quantile(share);
    this.#before = new Quantile(Math.max(0.5, 1 - 2 * (1 - share)));
  }

  /** In ms beyond `usualMs`; infinite until there were enough answers. */
  beyondMs(usualMs: number): number {
    return Math.min(this.#edge.ms, Math.max(usualMs, STEEP * this.#before.ms));
  }

  /** An answer took so much longer than is usual; negative: it was quicker. */
  saw(beyondMs: number): void {
    this.#edge.saw(beyondMs);
    this.#before.saw(beyondMs);
  }
}

/** From one of the two percentiles to the other a tail may grow so many times: a lognormal one whose spread is 1.5 grows less than twice. */
const STEEP = 4;

/** How many second tries are affordable: each request earns a part of one. What is not used is kept for a few. */
export class Allowance {
  readonly #part: number;
  #kept = KEPT_AT_FIRST;

  constructor(part: number) {
    this.#part = part;
  }

  get affordable(): boolean {
    return this.#kept >= 1;
  }

  earn(): void {
    this.#kept = Math.min(KEPT_MAX, this.#kept + this.#part);
  }

  spend(): void {
    this.#kept -= 1;
  }
}

const KEPT_AT_FIRST = 1;
/** Slow answers come in lumps; so many of one are asked for again. */
const KEPT_MAX = 10;

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
