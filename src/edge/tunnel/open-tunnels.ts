/** What a drain can do with a tunnel: within a bounded time after its goodbye, it is gone. */
export type Leaving = { readonly sayGoodbye: () => void };

/** The tunnels that are open in a thread, so that it can end them. */
export class OpenTunnels {
  readonly #all = new Set<Leaving>();
  #leaving: PromiseWithResolvers<void> | undefined;

  add(tunnel: Leaving): void {
    this.#all.add(tunnel);
    // It has come too late: the others have got their Close already.
    if (this.#leaving !== undefined) tunnel.sayGoodbye();
  }

  delete(tunnel: Leaving): void {
    this.#all.delete(tunnel);
    if (this.#all.size === 0) this.#leaving?.resolve();
  }

  /** Tells all of them that this edge goes away; resolves when none is left. */
  async sayGoodbye(): Promise<void> {
    this.#leaving ??= Promise.withResolvers();
    for (const tunnel of this.#all) tunnel.sayGoodbye();
    if (this.#all.size === 0) this.#leaving.resolve();
    await this.#leaving.promise;
  }
}
