import type { Emit } from '../table/event.ts';
import { RECORDS_MAX } from './limits.ts';

const NAMED_MAX = 10;

/** Records that stores have and this edge cannot read. They are left as they are; each is reported once. */
export class Unreadable {
  readonly #emit: Emit;
  readonly #known = new Set<string>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  get count(): number {
    return this.#known.size;
  }

  /** The ones found last, as `region/key`. */
  last(): readonly string[] {
    return [...this.#known].slice(-NAMED_MAX);
  }

  found(region: string, key: string, error: string): void {
    const name = `${region}/${key}`;
    if (this.#known.has(name) || this.#known.size >= RECORDS_MAX) return;
    this.#known.add(name);
    this.#emit({ type: 'fleet-record-unreadable', region, key, error });
  }
}
