import type { Clock } from '../table/clock.ts';
import type { Holdings } from './holdings.ts';
import type { RegionStore, Swapped } from './region-store.ts';
import type { Register } from './register.ts';
import { registerText, textHash } from './register-text.ts';
import type { StoreTrouble } from './store-trouble.ts';

/** Records that one write has at most. */
export const SWAPS_MAX = 100;
/** Characters after which no more are added to a write: it must get through within its limit, however slow the way is. */
export const SWAP_CHARACTERS = 256 * 1024;
/** Times that a write is tried again because somebody else wrote the key meanwhile. */
export const RACES_MAX = 8;

export type BringerDeps = {
  readonly store: RegionStore;
  readonly holdings: Holdings;
  readonly trouble: StoreTrouble;
  readonly clock: Clock;
};

type Bringing = { readonly register: Register; readonly was: string };

/** Brings a store what it is owed: reads, merges and writes, and never writes over what it has not read. */
export class Bringer {
  readonly #deps: BringerDeps;

  constructor(deps: BringerDeps) {
    this.#deps = deps;
  }

  /** Brings what is due. Rejects when that cannot be done now; it stays owed then. */
  async bringDue(limitMs: number): Promise<void> {
    const { holdings, trouble } = this.#deps;
    for (let keys = this.#due(); keys.length > 0; keys = this.#due()) await this.bring(keys, limitMs);
    if (holdings.isInStep()) trouble.set('write', '');
  }

  /**
   * Brings these keys. False when one of them cannot be written, since what is there cannot be read. Rejects when it was
   * not done in time.
   */
  async bring(keys: readonly string[], limitMs: number): Promise<boolean> {
    const { clock, holdings, trouble } = this.#deps;
    const untilMs = clock.nowMs() + limitMs;
    let left = keys.flatMap((key) => this.#bringing(key, holdings.hashOf(key)));
    for (let races = 0; left.length > 0; races += 1) {
      const leftMs = untilMs - clock.nowMs();
      if (races === RACES_MAX || leftMs <= 0) {
        const cause = `others keep writing ${left[0]?.register.key}; it is tried again`;
        trouble.set('write', cause);
        throw new Error(cause);
      }
      left = await this.#swap(left, leftMs);
    }
    trouble.set('write', '');
    return !keys.some((key) => holdings.isBlocked(key));
  }

  /** What is due, as much as one write takes. */
  #due(): readonly string[] {
    let characters = 0;
    const keys: string[] = [];
    for (const key of this.#deps.holdings.due(SWAPS_MAX)) {
      const register = this.#deps.holdings.owed(key);
      if (register === undefined) continue;
      characters += registerText(register).length;
      keys.push(key);
      if (characters >= SWAP_CHARACTERS) break;
    }
    return keys;
  }

  /** One try; returns what somebody else came between. */
  async #swap(bringings: readonly Bringing[], leftMs: number): Promise<Bringing[]> {
    const { holdings } = this.#deps;
    const done = await this.#write(bringings, leftMs);
    return bringings.flatMap(({ register }, at) => {
      const answer = done[at];
      if (answer === true) {
        holdings.stored(register);
        return [];
      }
      if (answer?.text === undefined) return [{ register, was: '' }];
      return holdings.learn(register.key, answer.text) ? this.#bringing(register.key, textHash(answer.text)) : [];
    });
  }

  async #write(bringings: readonly Bringing[], leftMs: number): Promise<readonly Swapped[]> {
    const { store, trouble } = this.#deps;
    const swaps = bringings.map(({ register, was }) => ({ key: register.key, was, text: registerText(register) }));
    try {
      return await store.swap(swaps, leftMs);
    } catch (error) {
      trouble.set(store.isConnected() ? 'write' : 'link', (error as Error).message);
      throw error;
    }
  }

  #bringing(key: string, was: string): Bringing[] {
    const register = this.#deps.holdings.owed(key);
    return register === undefined ? [] : [{ register, was }];
  }
}
