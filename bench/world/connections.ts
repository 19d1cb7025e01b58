/** An idle connection is kept this long. */
const IDLE_MS = 55_000;
/** Connections that stay idle beyond this are closed at once. */
const IDLE_MAX = 256;

/**
 * The idle connections of every edge to every endpoint: the last one that was used is used first. Whether a try goes out over a
 * connection that is there or over a new one decides how long it takes, and what is known when nobody answers.
 */
export class Connections {
  readonly #idle: readonly Float64Array[];
  readonly #count: Int32Array;

  constructor(pairs: number) {
    this.#idle = Array.from({ length: pairs }, () => new Float64Array(IDLE_MAX));
    this.#count = new Int32Array(pairs);
  }

  /** Takes an idle connection; false when there is none, and a new one has to be made. */
  take(pair: number, nowMs: number): boolean {
    const count = this.#count[pair] as number;
    if (count === 0) return false;
    const usedMs = (this.#idle[pair] as Float64Array)[count - 1] as number;
    if (nowMs - usedMs > IDLE_MS) {
      this.#count[pair] = 0;
      return false;
    }
    this.#count[pair] = count - 1;
    return true;
  }

  give(pair: number, nowMs: number): void {
    const count = this.#count[pair] as number;
    if (count >= IDLE_MAX) return;
    (this.#idle[pair] as Float64Array)[count] = nowMs;
    this.#count[pair] = count + 1;
  }

  /** The other side has closed them all. */
  cut(pair: number): void {
    this.#count[pair] = 0;
  }
}
