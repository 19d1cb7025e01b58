/** Of its thread's time, work that is paced takes at most one part in so many. */
export const PACE = 20;
/** But nobody waits longer than this for it to begin: the first round, in which code is compiled, takes far longer than the next. */
export const REST_MAX_MS = 250;

export type PacedDeps<K, T> = {
  readonly work: (kind: K) => Promise<T>;
  readonly nowMs: () => number;
  /** Resolves after so many ms. */
  readonly sleep: (ms: number) => Promise<void>;
};

/**
 * Work that others may ask for as often as they like, at a twentieth of the thread's time. Whoever asks too soon waits, with all who ask for the
 * same meanwhile, and they get one result together, which is never older than their question. Who asks seldom does not wait.
 */
export class Paced<K, T> {
  readonly #deps: PacedDeps<K, T>;
  readonly #waiting = new Map<K, Promise<T>>();
  #restsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(deps: PacedDeps<K, T>) {
    this.#deps = deps;
  }

  ask(kind: K): Promise<T> {
    let result = this.#waiting.get(kind);
    if (result === undefined) {
      result = this.#turn(kind);
      this.#waiting.set(kind, result);
    }
    return result;
  }

  async #turn(kind: K): Promise<T> {
    const { work, nowMs, sleep } = this.#deps;
    // Not before it is known that somebody waits: who asks in the same breath shares it.
    await Promise.resolve();
    for (let restMs = this.#restsUntilMs - nowMs(); restMs > 0; restMs = this.#restsUntilMs - nowMs())
      await sleep(restMs);
    // Who asks from now on asks for news that this may not have.
    this.#waiting.delete(kind);
    const startMs = nowMs();
    try {
      return await work(kind);
    } finally {
      const endMs = nowMs();
      this.#restsUntilMs = endMs + Math.min(REST_MAX_MS, (endMs - startMs) * (PACE - 1));
    }
  }
}
