/**
 * How many retries are affordable, as a token bucket: each request pays in a share of a token, each retry takes a whole
 * one, and what is not used within the window fades. So retries stay under a share of recent requests, whatever fails.
 * A floor of tokens per second lets a quiet service fail over too. (The retry budget of Finagle; the share is Envoy's.)
 *
 * One budget per service and edge thread: threads share nothing for it, and connections spread evenly over them.
 */
export const BUDGET_WINDOW_MS = 10_000;

/** The budget of one service in one edge thread. */
export class RetryBudget {
  readonly #share: number;
  readonly #floorPerMs: number;
  /** Tokens paid in by requests; fades with the window. */
  #earned = 0;
  /** Tokens that the floor has left; it refills steadily up to a window's worth. */
  #floor: number;
  #atMs: number;

  /** `share` of requests (0 to 1) and `floorPerSecond` retries (0 or more) are allowed on top of each other. */
  constructor(share: number, floorPerSecond: number, nowMs: number) {
    this.#share = share;
    this.#floorPerMs = floorPerSecond / 1000;
    this.#floor = this.#floorMax();
    this.#atMs = nowMs;
  }

  /** A client request has come. */
  deposit(nowMs: number): void {
    this.#advance(nowMs);
    this.#earned += this.#share;
  }

  /** Takes a token for one retry; false when there is none, and then the retry must not be made. */
  withdraw(nowMs: number): boolean {
    this.#advance(nowMs);
    if (this.#earned >= 1) {
      this.#earned -= 1;
      return true;
    }
    if (this.#earned + this.#floor < 1) return false;
    this.#floor -= 1 - this.#earned;
    this.#earned = 0;
    return true;
  }

  /** Retries that could be made now. */
  balance(nowMs: number): number {
    this.#advance(nowMs);
    return this.#earned + this.#floor;
  }

  #floorMax(): number {
    return this.#floorPerMs * BUDGET_WINDOW_MS;
  }

  #advance(nowMs: number): void {
    const elapsedMs = nowMs - this.#atMs;
    if (elapsedMs <= 0) return;
    this.#atMs = nowMs;
    this.#earned *= Math.exp(-elapsedMs / BUDGET_WINDOW_MS);
    this.#floor = Math.min(this.#floorMax(), this.#floor + elapsedMs * this.#floorPerMs);
  }
}
