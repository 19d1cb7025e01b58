/** Something that happened, in words, and when after the start. */
export type NewsItem = { readonly atMs: number; readonly text: string };

/** The view looks back no further than this. */
export const NEWS_MAX = 50;

/** The last things that happened. */
export class News {
  #items: readonly NewsItem[] = [];
  #fresh = 0;

  /** What is the same as the last one is not said again. */
  add(text: string, atMs: number): void {
    if (this.#items.at(-1)?.text === text) return;
    this.#items = [...this.#items, { atMs, text }].slice(-NEWS_MAX);
    this.#fresh = Math.min(NEWS_MAX, this.#fresh + 1);
  }

  /** Newest last. */
  recent(): readonly NewsItem[] {
    return this.#items;
  }

  /** What was not taken yet, oldest first. */
  take(): readonly NewsItem[] {
    const fresh = this.#fresh === 0 ? [] : this.#items.slice(-this.#fresh);
    this.#fresh = 0;
    return fresh;
  }
}
