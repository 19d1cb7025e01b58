/** The keys that a store is owed, each with when it is due. Bounded by the number of records, since a key is owed once. */
export class Debts {
  readonly #dueMs = new Map<string, number>();

  get size(): number {
    return this.#dueMs.size;
  }

  has(key: string): boolean {
    return this.#dueMs.has(key);
  }

  /** When a key is due; Infinity when it is not owed. */
  whenMs(key: string): number {
    return this.#dueMs.get(key) ?? Number.POSITIVE_INFINITY;
  }

  owe(key: string, dueMs: number): void {
    this.#dueMs.set(key, dueMs);
  }

  settle(key: string): void {
    this.#dueMs.delete(key);
  }

  /** Makes a key that is owed due no later than `dueMs`; false when it is not owed. */
  hasten(key: string, dueMs: number): boolean {
    const when = this.#dueMs.get(key);
    if (when === undefined) return false;
    this.#dueMs.set(key, Math.min(when, dueMs));
    return true;
  }

  /** The keys that are due, `most` at most. */
  due(nowMs: number, most: number): readonly string[] {
    const keys: string[] = [];
    for (const [key, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) continue;
      keys.push(key);
      if (keys.length === most) break;
    }
    return keys;
  }

  /** When the next one is due; Infinity for none. */
  nextMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const dueMs of this.#dueMs.values()) next = Math.min(next, dueMs);
    return next;
  }
}
