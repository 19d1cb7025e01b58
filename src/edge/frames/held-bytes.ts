/** Bytes of bodies that a thread holds for streams whose windows are closed, over all connections. */
export const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** Counts what is held; one for all connections of a thread. */
export class HeldBytes {
  readonly #max: number;
  #bytes = 0;

  constructor(max = HELD_BYTES_MAX) {
    this.#max = max;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when there is no room for so many; then none are counted. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#max) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
