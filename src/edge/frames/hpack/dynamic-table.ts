/** What can stand in a dynamic table: something of a known size. */
export type Entry = { readonly bytes: number };

/** Size of a dynamic table until somebody says otherwise (RFC 9113 §6.5.2). */
export const TABLE_BYTES = 4096;

/**
 * A dynamic table (RFC 7541 §2.3.2), the newest entry first. It is a ring that grows with its entries, none of which counts fewer than 32
 * bytes; each entry has a number that stays its own, from the first to the last that was ever added.
 */
export class DynamicTable<E extends Entry> {
  bytesMax: number;
  /** How often it has changed, or may have. */
  changes = 0;
  #bytes = 0;
  #ring: (E | undefined)[] = [];
  /** Entries that were ever added, and of those the ones that have gone. */
  #added = 0;
  #gone = 0;
  readonly #left: ((entry: E) => void) | undefined;

  /** `left` is called with each entry that has to go. */
  constructor(bytesMax: number, left?: (entry: E) => void) {
    this.bytesMax = bytesMax;
    this.#left = left;
  }

  get count(): number {
    return this.#added - this.#gone;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The entry at `place`, 0 for the newest; undefined where there is none. */
  at(place: number): E | undefined {
    if (place < 0 || place >= this.count) return undefined;
    return this.#ring[(this.#added - 1 - place) & (this.#ring.length - 1)];
  }

  /** The place of the entry with this number now; negative when it has gone. */
  placeOf(number: number): number {
    return number <= this.#gone ? -1 : this.#added - number;
  }

  /** Adds an entry and returns its number. One that is larger than the table empties it (§4.4), and is not in it: then it is 0. */
  add(entry: E): number {
    const { bytes } = entry;
    this.changes += 1;
    this.#shrinkTo(this.bytesMax - bytes);
    if (bytes > this.bytesMax) return 0;
    if (this.count === this.#ring.length) this.#grow();
    this.#ring[this.#added & (this.#ring.length - 1)] = entry;
    this.#added += 1;
    this.#bytes += bytes;
    return this.#added;
  }

  /** Changes its size, and drops what has no room any more (§4.3). */
  resize(bytesMax: number): void {
    this.changes += 1;
    this.bytesMax = bytesMax;
    this.#shrinkTo(bytesMax);
  }

  #shrinkTo(bytesMax: number): void {
    while (this.#bytes > Math.max(0, bytesMax)) {
      const at = this.#gone & (this.#ring.length - 1);
      const oldest = this.#ring[at] as E;
      this.#ring[at] = undefined;
      this.#gone += 1;
      this.#bytes -= oldest.bytes;
      this.#left?.(oldest);
    }
  }

  #grow(): void {
    const ring = new Array<E | undefined>(Math.max(8, this.#ring.length * 2));
    for (let number = this.#gone; number < this.#added; number += 1) {
      ring[number & (ring.length - 1)] = this.#ring[number & (this.#ring.length - 1)];
    }
    this.#ring = ring;
  }
}
