/** Children of a node of the heap. Four make it half as deep as two, and they lie side by side. */
const ARITY = 4;

/**
 * What happens next: numbers in the order of their times. A heap in typed arrays, since millions of entries come and go and
 * none should leave an object behind. Entries of one time come out in an order that depends on nothing but what was put in.
 */
export class Agenda {
  #times = new Float64Array(1024);
  #words = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** When the first is due; infinite when there is none. */
  get nextMs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  add(atMs: number, word: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const times = this.#times;
    const words = this.#words;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = ((at - 1) / ARITY) | 0;
      if ((times[parent] as number) <= atMs) break;
      times[at] = times[parent] as number;
      words[at] = words[parent] as number;
      at = parent;
    }
    times[at] = atMs;
    words[at] = word;
  }

  /** Takes the first away, and returns what it is. There must be one. */
  take(): number {
    const times = this.#times;
    const words = this.#words;
    const first = words[0] as number;
    const size = this.#size - 1;
    this.#size = size;
    const lastMs = times[size] as number;
    const last = words[size] as number;
    let at = 0;
    for (let child = 1; child < size; child = at * ARITY + 1) {
      let least = child;
      const end = Math.min(child + ARITY, size);
      for (let other = child + 1; other < end; other += 1) {
        if ((times[other] as number) < (times[least] as number)) least = other;
      }
      if ((times[least] as number) >= lastMs) break;
      times[at] = times[least] as number;
      words[at] = words[least] as number;
      at = least;
    }
    times[at] = lastMs;
    words[at] = last;
    return first;
  }

  #grow(): void {
    const [times, words] = [this.#times, this.#words];
    this.#times = new Float64Array(times.length * 2);
    this.#words = new Int32Array(words.length * 2);
    this.#times.set(times);
    this.#words.set(words);
  }
}
