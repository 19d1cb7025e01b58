/** Which copies to forget: those of one URL, or of all that begin so; the empty prefix is all. */
export type ForgetOrder = { readonly url: string } | { readonly prefix: string };

/** Orders that are remembered at a time, and the characters of their URLs together; beyond either, one order for all stands for them. */
export const ORDERS_MAX = 256;
export const ORDERS_CHARS_MAX = 1024 * 1024;

/**
 * Orders to forget copies, of one thread and service. An order stays until the store has carried it out: until then the
 * copies that it is about are not served, whatever the store still has. The last ones are remembered after that too, so
 * that an answer that was asked for before an order is not kept after it.
 */
export class Forgotten {
  readonly #orders: { readonly order: ForgetOrder; readonly mark: number; done: boolean }[] = [];
  #chars = 0;
  #pending = 0;
  #mark = 0;
  /** Answers that were asked for before it have seen orders come that are not remembered any more. */
  #rememberedSince = 0;

  /** Says what is known now, for `since`. */
  get mark(): number {
    return this.#mark;
  }

  add(order: ForgetOrder): void {
    this.#mark += 1;
    this.#orders.push({ order, mark: this.#mark, done: false });
    this.#pending += 1;
    this.#chars += charsOf(order);
    while (this.#orders.length > ORDERS_MAX || this.#chars > ORDERS_CHARS_MAX) this.#dropOldest();
  }

  /** The orders that are still to be carried out, the oldest first. */
  get pending(): readonly ForgetOrder[] {
    return this.#orders.filter(({ done }) => !done).map(({ order }) => order);
  }

  get hasPending(): boolean {
    return this.#pending > 0;
  }

  /** The store has carried this one out. */
  carriedOut(order: ForgetOrder): void {
    for (const one of this.#orders) {
      if (one.order !== order || one.done) continue;
      one.done = true;
      this.#pending -= 1;
    }
  }

  /** Whether copies of a URL must not be served, because an order for them is not carried out yet. */
  hides(url: string): boolean {
    return this.#pending > 0 && this.#orders.some(({ order, done }) => !done && matches(order, url));
  }

  /** Whether an order for this URL has come since then, or may have. */
  since(mark: number, url: string): boolean {
    if (mark === this.#mark) return false;
    return mark < this.#rememberedSince || this.#orders.some((one) => one.mark > mark && matches(one.order, url));
  }

  #dropOldest(): void {
    const oldest = this.#orders.shift();
    if (oldest === undefined) return;
    this.#chars -= charsOf(oldest.order);
    this.#rememberedSince = oldest.mark;
    if (oldest.done) return;
    // One that the store has not carried out must not be lost: then everything is to be forgotten.
    const all = this.#orders.some(({ order, done }) => !done && 'prefix' in order && order.prefix === '');
    if (all) this.#pending -= 1;
    else this.#orders.push({ order: { prefix: '' }, mark: this.#mark, done: false });
  }
}

function matches(order: ForgetOrder, url: string): boolean {
  return 'url' in order ? order.url === url : url.startsWith(order.prefix);
}

function charsOf(order: ForgetOrder): number {
  return 'url' in order ? order.url.length : order.prefix.length;
}
