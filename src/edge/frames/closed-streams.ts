/** Streams that a connection remembers of each kind after they have closed. */
export const CLOSED_MAX = 128;

/**
 * The streams that have closed last. What comes on one that we have reset was under way and is passed over; on one that the peer has
 * ended it is an error of another kind than on one that there never was.
 */
export class ClosedStreams {
  #ids: Uint32Array | undefined;
  #next = 0;

  add(id: number): void {
    this.#ids ??= new Uint32Array(CLOSED_MAX);
    this.#ids[this.#next % CLOSED_MAX] = id;
    this.#next += 1;
  }

  has(id: number): boolean {
    return this.#ids?.includes(id) === true;
  }
}
