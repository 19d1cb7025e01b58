/** Different things that are kept apart between two flushes; further ones are not shown. */
export const BURSTS_MAX = 64;

/** Things that can happen to many requests at once, added up so that each is shown once a second. */
export class Bursts {
  readonly #counts = new Map<string, number>();

  /** `what` goes on after `3 requests`. */
  add(what: string, count: number): void {
    const known = this.#counts.get(what);
    if (known === undefined && this.#counts.size >= BURSTS_MAX) return;
    this.#counts.set(what, (known ?? 0) + count);
  }

  /** What was added since the last flush, in words. */
  flush(): readonly string[] {
    const lines = [...this.#counts].map(([what, count]) => `${count} ${count === 1 ? 'request' : 'requests'} ${what}`);
    this.#counts.clear();
    return lines;
  }
}
