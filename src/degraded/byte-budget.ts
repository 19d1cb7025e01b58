/**
 * Bytes that one edge thread may hold of answers on their way, over all services with a ladder: what is being kept while
 * it passes, what refreshes a copy after its client was served, and failures that are held back while something better
 * is looked for.
 */
export const PASSING_BYTES_MAX = 64 * 1024 * 1024;

/** A share of memory that is taken and given back. */
export class ByteBudget {
  readonly #bytesMax: number;
  #taken = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get taken(): number {
    return this.#taken;
  }

  /** False when there is no room; then nothing is taken. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#bytesMax) return false;
    this.#taken += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
  }
}
