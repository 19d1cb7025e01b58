/** Streams that a connection remembers of each kind after they have closed. */
export const CLOSED_MAX = 128;

/**
 * The streams that have closed last. What comes on one that we have reset was under way and is passed over; on one that the peer has
 * ended it is an error of another kind than on one that there never was.
 */
export class ClosedStreams {
  /** A ring that grows with its streams: most connections have few. */
  #ids: number[] | undefined;
  #next = 0;

  add(id: number): void {
    this.#ids ??= [];
    if (this.#ids.length < CLOSED_MAX) this.#ids.push(id);
    else this.#ids[this.#next % CLOSED_MAX] = id;
    this.#next += 1;
  }

  has(id: number): boolean {
    return this.#ids?.includes(id) === true;
  }
}
