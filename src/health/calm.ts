/** After so long without trouble a service is calm again, and what is learned then is what is usual. */
export const CALM_AFTER_MS = 30_000;
/** What a second gives back of what was usual, at most. */
const BACK = 1.2;

/**
 * What the capacities of a service's endpoints had been corrected to while all of them were well. When one is lost, the others have a rush, and what is
 * learned of them then is true of a world without that one: an edge that is alone learns that hardly anything is left for it anywhere. When all are well
 * again, that world is over, and its capacities would need minutes to grow back, in which requests go far for nothing. So those of before are
 * given back, a fifth a second; what is not as before shows by waiting.
 */
export class Calm {
  readonly #usual = new Map<number, number>();
  /** Since when all are well; never before there was any trouble. */
  #wellMs = Number.NEGATIVE_INFINITY;
  #isWell = true;
  /** The most that this look gives back. */
  #back = BACK;

  /** Whether all are well, `seconds` after the last look. */
  look(isWell: boolean, nowMs: number, seconds: number): void {
    this.#back = BACK ** seconds;
    if (isWell && !this.#isWell) this.#wellMs = nowMs;
    this.#isWell = isWell;
  }

  /** The correction of the endpoint in a row, which is learned to be `fit`. */
  settled(row: number, fit: number, nowMs: number): number {
    if (!this.#isWell) return fit;
    if (nowMs - this.#wellMs >= CALM_AFTER_MS) {
      this.#usual.set(row, fit);
      return fit;
    }
    return Math.max(fit, Math.min(this.#usual.get(row) ?? fit, fit * this.#back));
  }

  /** Forgets what is not in one of these rows. */
  keep(rows: ReadonlySet<number>): void {
    for (const row of this.#usual.keys()) if (!rows.has(row)) this.#usual.delete(row);
  }
}
