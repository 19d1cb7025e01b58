import { BoundedKeys } from './bounded-keys.ts';

/** How the request that others wait for came out: its answer is in the store, or each must ask for itself. */
export type MissOutcome = 'stored' | 'released';

/** URLs that are remembered as not to be shared, and their characters together. */
export const UNSHARED_MAX = 4096;
export const UNSHARED_CHARS_MAX = 1024 * 1024;
/** Requests that wait for another one, over all URLs; more than that go by themselves. */
export const FOLLOWERS_MAX = 10_000;

/**
 * Identical requests at one time: the first goes to the endpoints, the others wait for what it brings. A leader that
 * fails fails nobody else, since each follower then asks for itself. A URL whose answer turned out not to be for
 * sharing is remembered, so that its requests do not queue up behind each other again.
 */
export class Misses {
  readonly #leaders = new Map<string, Set<(outcome: MissOutcome) => void>>();
  /** What to do when nobody waits for a leader any more whose own client has left. */
  readonly #alone = new Map<string, () => void>();
  readonly #unshared = new BoundedKeys<true>({ keys: UNSHARED_MAX, chars: UNSHARED_CHARS_MAX });
  #followers = 0;

  /** Whether the caller may lead: then it must `settle`. False: somebody leads already, or the URL is not for sharing. */
  lead(url: string): boolean {
    if (this.#leaders.has(url) || this.#unshared.get(url) === true) return false;
    this.#leaders.set(url, new Set());
    return true;
  }

  /** Waits for the leader of a URL; undefined when there is none to wait for. The function that is returned gives up. */
  follow(url: string, onOutcome: (outcome: MissOutcome) => void): (() => void) | undefined {
    const followers = this.#leaders.get(url);
    if (followers === undefined || this.#followers >= FOLLOWERS_MAX) return undefined;
    followers.add(onOutcome);
    this.#followers += 1;
    return () => {
      if (!followers.delete(onOutcome)) return;
      this.#followers -= 1;
      if (followers.size === 0 && this.#leaders.get(url) === followers) this.#alone.get(url)?.();
    };
  }

  /** Whether anybody waits for the leader of a URL. */
  awaited(url: string): boolean {
    return (this.#leaders.get(url)?.size ?? 0) > 0;
  }

  /** The client of a leader has left it to those who wait: `onAlone` is called when the last of them gives up. */
  leaveToFollowers(url: string, onAlone: () => void): void {
    this.#alone.set(url, onAlone);
  }

  /** Tells all who wait; the URL has no leader any more. */
  settle(url: string, outcome: MissOutcome): void {
    const followers = this.#leaders.get(url);
    if (followers === undefined) return;
    this.#leaders.delete(url);
    this.#alone.delete(url);
    this.#followers -= followers.size;
    const all = [...followers];
    followers.clear();
    for (const onOutcome of all) onOutcome(outcome);
  }

  /** Remembers whether requests of a URL may share an answer, by what the last answer said. */
  sharing(url: string, shared: boolean): void {
    if (shared) this.#unshared.delete(url);
    else this.#unshared.set(url, true);
  }
}
