/** Checks by which a way is known: five minutes of them, by default. */
export const CHECKS_KEPT = 30;
/** Handshakes by which it is known beside them … */
const HANDSHAKES_KEPT = 30;
/** … of which so many are wanted soon, and more where their standard error is above this, in ms; and then one in so many checks. */
export const HANDSHAKES_WANTED = 8;
const HANDSHAKE_ERROR_MS = 1;
export const HANDSHAKE_EVERY = 6;
/** What the time of a way is taken to vary by, over itself, until checks have said more … */
const VARIES = 0.05;
/** … by so many of them. */
const VARIES_CHECKS = 2;
/** The most that a way varies by, over itself: checks that are farther apart are of an endpoint that is slow, however many of them there are. */
const VARIES_MAX = 0.3;
/** Where in the sorted times a quick one is, and one of the quickest. */
const QUICK_AT = 0.25;
const LEAST_AT = 0.1;
/** How far a quick one is below the middle, in standard deviations. */
const QUICK_BELOW = 0.67;
/** What checks take longer than a handshake is taken for so much less than the least of it as their middle is above that least, times this. */
const BELOW_LEAST = 1.5;
/** Standard errors within which what a handshake says is no contradiction. */
const BEYOND_ERRORS = 3;

/**
 * How far an endpoint is, by its last checks, and how sure that is. A check goes the way and hardly more. Ways of hundreds of milliseconds vary by tens, and
 * after a start there are one or two checks of each: an edge that is far from everything must not take that for requests that wait.
 *
 * Some endpoints have checks wait behind requests. Their kernel answers TCP's handshake at once all the same, so a handshake goes the way and never waits. What checks take longer is a part of the way
 * behind whoever answers the handshake (a load balancer far from its servers, a proxy beside the edge), as long as it is always the same, and else waiting, which is no way. See
 * docs/decisions/0126-what-a-check-waits-for.md.
 */
export class Way {
  /** One quarter up from the quickest of the last checks, so that neither luck nor a few slow ones make it; NaN until the first. */
  ms = Number.NaN;
  /** The one in their middle, about which requests vary as they do. */
  middleMs = Number.NaN;
  /** How much a check varies (a standard deviation), by those below the middle: above it, endpoints that are slow have their part. */
  variesMs = 0;
  /** The standard error of the middle: how far it may well be from where it would be after many checks. 0 where nothing is known. */
  errorMs = 0;
  lastMs = Number.NaN;
  readonly #checksMs: number[] = [];
  readonly #handshakesMs: number[] = [];
  #checksSinceHandshake = 0;
  #handshakeVariesMs = 0;

  /** Whether the next check should begin with a handshake. */
  get wantsHandshake(): boolean {
    const { length } = this.#handshakesMs;
    if (this.#checksSinceHandshake >= HANDSHAKE_EVERY - 1 || length < HANDSHAKES_WANTED) return true;
    return length < HANDSHAKES_KEPT && this.#handshakeVariesMs > HANDSHAKE_ERROR_MS * Math.sqrt(length);
  }

  /** A check was answered after `ms`, over a connection whose handshake took `handshakeMs`, where it had to be made. */
  checked(ms: number, handshakeMs?: number): void {
    this.lastMs = ms;
    keep(this.#checksMs, ms, CHECKS_KEPT);
    this.#checksSinceHandshake = handshakeMs === undefined ? this.#checksSinceHandshake + 1 : 0;
    if (handshakeMs !== undefined) keep(this.#handshakesMs, handshakeMs, HANDSHAKES_KEPT);
    const checks = this.#checksMs.toSorted((a, b) => a - b);
    this.ms = partOf(checks, QUICK_AT);
    this.middleMs = partOf(checks, 0.5);
    this.variesMs = variesOf(checks);
    this.errorMs = this.variesMs / Math.sqrt(checks.length);
    if (this.#handshakesMs.length > 0) this.#shorten(checks);
  }

  /** Takes off what checks have waited for. */
  #shorten(checks: readonly number[]): void {
    const handshakes = this.#handshakesMs.toSorted((a, b) => a - b);
    const reachedMs = partOf(handshakes, 0.5);
    const leastMs = partOf(checks, LEAST_AT);
    const behindMs = Math.max(0, leastMs - reachedMs - BELOW_LEAST * (this.middleMs - leastMs));
    const variesMs = variesOf(handshakes);
    this.#handshakeVariesMs = variesMs;
    const errorMs = Math.hypot(variesMs / Math.sqrt(handshakes.length), VARIES * behindMs);
    const mostMs = reachedMs + behindMs + BEYOND_ERRORS * errorMs;
    const hasWaited = mostMs < this.middleMs;
    // Whether it is behind, or all of a few checks have waited, only more of them tell.
    const unclearMs = (hasWaited ? behindMs : Math.max(0, this.middleMs - reachedMs)) / checks.length;
    if (hasWaited) {
      this.middleMs = mostMs;
      this.ms = Math.min(this.ms, mostMs - QUICK_BELOW * variesMs);
      this.variesMs = Math.max(variesMs, VARIES * behindMs);
      this.errorMs = errorMs;
    }
    this.errorMs = Math.max(this.errorMs, unclearMs);
  }
}

function keep(times: number[], ms: number, most: number): void {
  times.push(ms);
  if (times.length > most) times.shift();
}

function partOf(sorted: readonly number[], part: number): number {
  return sorted[Math.floor((sorted.length - 1) * part)] as number;
}

function variesOf(sorted: readonly number[]): number {
  const at = (sorted.length - 1) >> 1;
  const middleMs = sorted[at] as number;
  let squares = VARIES_CHECKS * (VARIES * middleMs) ** 2;
  for (let i = 0; i < at; i += 1) squares += (middleMs - (sorted[i] as number)) ** 2;
  return Math.min(VARIES_MAX * middleMs, Math.sqrt(squares / (VARIES_CHECKS + at)));
}
