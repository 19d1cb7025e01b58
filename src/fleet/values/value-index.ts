import { compareText } from '../../config/compare-text.ts';
import type { SharedRecord } from '../fleet.ts';
import { keyOf, readValue, type ValueRecord } from './value-record.ts';

/** A value as this edge knows it. */
export type Held = {
  readonly key: string;
  readonly record: SharedRecord;
  readonly said: ValueRecord;
  /** Its place among the changes that this process has seen. */
  readonly place: number;
};

/** Somebody who waits for the next change. */
type Waiter = () => void;

/** Who waits at once; one more is not let wait. */
export const WAITERS_MAX = 64;

/** All values that this edge knows, those included that are deleted, in the order in which they changed. */
export class ValueIndex {
  readonly #held = new Map<string, Held>();
  readonly #waiters = new Set<Waiter>();
  #place = 0;
  #bytes = 0;

  /** Keys, those that are deleted included. */
  get size(): number {
    return this.#held.size;
  }

  /** Of keys and values together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Place of the last change. */
  get place(): number {
    return this.#place;
  }

  get(key: string): Held | undefined {
    return this.#held.get(key);
  }

  /** Those that begin with a prefix and changed behind a place, by key. */
  list(prefix: string, after = 0): readonly Held[] {
    const found = [...this.#held.values()].filter(({ key, place }) => place > after && key.startsWith(prefix));
    return found.toSorted((a, b) => compareText(a.key, b.key));
  }

  take(record: SharedRecord): Held {
    const key = keyOf(record.key);
    this.#bytes += bytesOf(key, record) - this.#bytesOf(key);
    const held = { key, record, said: readValue(record), place: (this.#place += 1) };
    this.#held.set(key, held);
    this.#wake();
    return held;
  }

  forget(key: string): void {
    this.#bytes -= this.#bytesOf(key);
    if (this.#held.delete(key)) this.#wake();
  }

  /** Bytes that there would be with this value in place of what there is. */
  bytesWith(key: string, value: unknown): number {
    return this.#bytes - this.#bytesOf(key) + Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value) ?? '');
  }

  /** Resolves at the next change, or when `given` does; false when too many wait already. */
  async wait(given: Promise<void>): Promise<boolean> {
    if (this.#waiters.size >= WAITERS_MAX) return false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.add(resolve);
    await Promise.race([promise, given]);
    this.#waiters.delete(resolve);
    return true;
  }

  #bytesOf(key: string): number {
    const held = this.#held.get(key);
    return held === undefined ? 0 : bytesOf(key, held.record);
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}

function bytesOf(key: string, { value }: SharedRecord): number {
  return Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value));
}
