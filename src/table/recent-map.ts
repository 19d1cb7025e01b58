/** A map of so many entries at most: the one that was asked for, or set, longest ago makes way. */
export class RecentMap<K, V> {
  readonly #max: number;
  /** In the order in which they were last asked for. */
  readonly #entries = new Map<K, V>();

  /** `max`: at least 1. */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  get(key: K): V | undefined {
    const known = this.#entries.get(key);
    if (known === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known;
  }

  /** Sets an entry that is not there. Returns the value that had to make way for it, if any. */
  add(key: K, value: V): V | undefined {
    const gone = this.#entries.size >= this.#max ? this.#takeOldest() : undefined;
    this.#entries.set(key, value);
    return gone;
  }

  clear(): void {
    this.#entries.clear();
  }

  #takeOldest(): V | undefined {
    for (const [key, value] of this.#entries) {
      this.#entries.delete(key);
      return value;
    }
    return undefined;
  }
}
