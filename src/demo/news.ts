/** Something that happened, in words, and when after the start. */
export type Told = { readonly atMs: number; readonly text: string };

/** The view looks back no further than this. */
export const NEWS_MAX = 50;

/** The last things that happened. */
export class News {
  #told: readonly Told[] = [];
  #fresh = 0;

  /** What is the same as the last one is not said again. */
  add(text: string, atMs: number): void {
    if (this.#told.at(-1)?.text === text) return;
    this.#told = [...this.#told, { atMs, text }].slice(-NEWS_MAX);
    this.#fresh = Math.min(NEWS_MAX, this.#fresh + 1);
  }

  /** Newest last. */
  recent(): readonly Told[] {
    return this.#told;
  }

  /** What was not taken yet, oldest first. */
  take(): readonly Told[] {
    const fresh = this.#fresh === 0 ? [] : this.#told.slice(-this.#fresh);
    this.#fresh = 0;
    return fresh;
  }
}
