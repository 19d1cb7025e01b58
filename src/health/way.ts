/** Checks by which a way is known: five minutes of them, by default. */
export const CHECKS_KEPT = 30;
/** What the time of a way is taken to vary by, over itself, until checks have said more … */
const VARIES = 0.05;
/** … by so many of them. */
const VARIES_CHECKS = 2;
/** The most that a way varies by, over itself: checks that are farther apart are of an endpoint that is slow, however many of them there are. */
const VARIES_MAX = 0.3;

/**
 * How far an endpoint is, by its last checks, and how sure that is. A check goes the way and hardly more. Ways of hundreds of milliseconds vary by tens, and
 * after a start there are one or two checks of each: an edge that is far from everything must not take that for requests that wait.
 */
export class Way {
  /** One quarter up from the quickest of the last checks, so that neither luck nor a few slow ones make it; NaN until the first. */
  ms = Number.NaN;
  /** The one in their middle, about which requests vary as they do. */
  middleMs = Number.NaN;
  /** How much a check varies (a standard deviation), by those below the middle: above it, endpoints that are slow have their part. */
  variesMs = 0;
  lastMs = Number.NaN;
  readonly #checksMs: number[] = [];

  /** A check was answered after `ms`. */
  checked(ms: number): void {
    const checks = this.#checksMs;
    checks.push(ms);
    if (checks.length > CHECKS_KEPT) checks.shift();
    this.lastMs = ms;
    const sorted = checks.toSorted((a, b) => a - b);
    this.ms = sorted[(sorted.length - 1) >> 2] as number;
    const at = (sorted.length - 1) >> 1;
    this.middleMs = sorted[at] as number;
    let squares = VARIES_CHECKS * (VARIES * this.middleMs) ** 2;
    for (let i = 0; i < at; i += 1) squares += (this.middleMs - (sorted[i] as number)) ** 2;
    this.variesMs = Math.min(VARIES_MAX * this.middleMs, Math.sqrt(squares / (VARIES_CHECKS + at)));
  }

  /** The standard error of the middle, in ms: how far it may well be from where it would be after many checks. 0 where nothing is known. */
  get errorMs(): number {
    const { length } = this.#checksMs;
    return length === 0 ? 0 : this.variesMs / Math.sqrt(length);
  }
}
