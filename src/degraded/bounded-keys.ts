/**
 * Keys that are remembered with a value each, up to a number and up to a sum of characters: URLs are as long as clients
 * make them. The one that was set longest ago goes first.
 */
export class BoundedKeys<T> {
  readonly #limits: { readonly keys: number; readonly chars: number };
  readonly #values = new Map<string, T>();
  #chars = 0;

  constructor(limits: { readonly keys: number; readonly chars: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    this.delete(key);
    this.#values.set(key, value);
    this.#chars += key.length;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#limits.keys && this.#chars <= this.#limits.chars) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#chars -= key.length;
  }

  clear(): void {
    this.#values.clear();
    this.#chars = 0;
  }
}
