import type { CachePolicy } from '../config/topology-degraded.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { BoundedKeys } from './bounded-keys.ts';
import { type Copy, type HeaderLookup, variantOf } from './copy.ts';
import type { CopyStore, StoreLimits } from './copy-store.ts';
import { type ForgetOrder, Forgotten } from './forgotten.ts';
import { MemoryStore } from './memory-store.ts';
import { isBusy, OPEN_TRIES_MAX, SqliteStore } from './sqlite-store.ts';

/** A store that could not be opened, or does not take copies, is tried again after this long, then after twice as long, and so on. */
export const RETRY_MS = 1000;
export const RETRY_MS_MAX = 60_000;
/** A failure that lasts is reported again after this long. */
export const REPORT_AGAIN_MS = 60_000;
/** An order that a store did not carry out is tried again after this long, then after twice as long, and so on. */
export const FORGET_RETRY_MS = 100;
export const FORGET_RETRY_MS_MAX = 1000;

/** A copy in a file is written again after this long; so many are remembered for it. */
export const REWRITTEN_MS = 1000;
const WRITTEN_LIMITS = { keys: 10_000, chars: 2 * 1024 * 1024 };

export type KeptCopiesDeps = {
  /** Edge threads, which share out what one store may hold. */
  readonly threads: number;
  /** The wall clock in ms; it must not jump while the thread lives. */
  readonly wallMs: () => number;
  /** Called when a store does not work, and again as long as that lasts. */
  readonly storeFailed: (error: string) => void;
};

/** What a store of copies holds, and the copies that went for want of room. */
export type CopyLevels = { readonly bytes: number; readonly entries: number; readonly evicted: number };

/**
 * The copies of one service in one edge thread: a store that may not be there, and what is owed to it. A store that fails
 * costs copies, never an answer, and is tried again with back-off. What is to be forgotten is not served from the moment
 * of the order, and the order is given to the store until it has carried it out.
 */
export class KeptCopies {
  readonly #cache: CachePolicy;
  readonly #deps: KeptCopiesDeps;
  readonly #forgotten = new Forgotten();
  /** When copies were last written to a file by this thread. */
  readonly #writtenMs = new BoundedKeys<number>(WRITTEN_LIMITS);
  readonly #opening = new BackOff();
  readonly #writing = new BackOff();
  #store: CopyStore | undefined;
  #reported: { readonly error: string; readonly atMs: number } | undefined;
  #timer: Timer | undefined;
  #retryMs = FORGET_RETRY_MS;
  #users = 1;
  #taken: { readonly store: CopyStore | undefined; readonly evicted: number } = { store: undefined, evicted: 0 };

  constructor(cache: CachePolicy, deps: KeptCopiesDeps) {
    this.#cache = cache;
    this.#deps = deps;
    this.#opened();
  }

  /** Whether copies that are to be kept as `cache` says are in here. */
  fits({ store, path, bytes, entries }: CachePolicy): boolean {
    const own = this.#cache;
    return own.store === store && own.path === path && own.bytes === bytes && own.entries === entries;
  }

  /** One more uses them, and will `close` them. */
  share(): this {
    this.#users += 1;
    return this;
  }

  /** Whether a copy would be kept now, as far as can be told. */
  get takesCopies(): boolean {
    return this.#opened() !== undefined && this.#writing.isDue(this.#deps.wallMs());
  }

  /** Bytes of the largest body that there is room for here. */
  get bodyBytesMax(): number {
    const { store, bytes, entryBytes } = this.#cache;
    return store === 'sqlite' ? entryBytes : Math.min(entryBytes, Math.floor(bytes / this.#deps.threads));
  }

  /** What its store holds now, and how many copies had to make room since this was last asked; undefined when it cannot be read. */
  takeLevels(): CopyLevels | undefined {
    return this.#read((store) => {
      const { bytes, entries, evicted } = store;
      const since = store === this.#taken.store ? this.#taken.evicted : 0;
      this.#taken = { store, evicted };
      return { bytes, entries, evicted: evicted - since };
    });
  }

  /** What is known of orders to forget now: what is asked for from now on may be kept. */
  get mark(): number {
    return this.#forgotten.mark;
  }

  find(url: string, header: HeaderLookup): Copy | undefined {
    if (this.#forgotten.hides(url)) return undefined;
    return this.#read((store) => store.find(url, header, this.#deps.wallMs()));
  }

  /** When the freshest copy of a URL becomes stale; undefined when there is none. */
  staleAtMs(url: string): number | undefined {
    if (this.#forgotten.hides(url)) return undefined;
    return this.#read((store) => store.staleAtMs(url));
  }

  /** Keeps a copy, unless its URL was to be forgotten after it was asked for (`mark`). False when it is not kept. */
  keep(url: string, copy: Copy, mark: number): boolean {
    if (this.#forgotten.since(mark, url) || this.#forgotten.hides(url) || !this.takesCopies) return false;
    // A file is written once a second for one copy: a write blocks the thread for half a millisecond.
    const key = this.#cache.store === 'sqlite' ? `${url} ${variantOf(copy)}` : undefined;
    if (key !== undefined && !this.#isDue(key)) return true;
    const nowMs = this.#deps.wallMs();
    try {
      this.#store?.put(url, copy);
      this.#writing.worked();
      if (key !== undefined) this.#writtenMs.set(key, nowMs);
      return true;
    } catch (error) {
      this.#writing.failed(nowMs);
      this.#tell(error);
      return false;
    }
  }

  /** Forgets copies. Undefined when that is done; else what stands in the way, and it is tried again until it is. */
  forget(order: ForgetOrder): string | undefined {
    this.#writtenMs.clear();
    this.#forgotten.add(order);
    return this.settle();
  }

  /** Has the store carry out what is still owed to it. Undefined when nothing is. */
  settle(): string | undefined {
    stopTimer(this.#timer);
    for (const order of this.#forgotten.pending) {
      const error = this.#carryOut(order);
      if (error === undefined) this.#forgotten.carriedOut(order);
      else return this.#later(error);
    }
    this.#retryMs = FORGET_RETRY_MS;
    return undefined;
  }

  close(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    stopTimer(this.#timer);
    try {
      this.#store?.close();
    } catch (error) {
      this.#tell(error);
    }
    this.#store = undefined;
  }

  #carryOut(order: ForgetOrder): string | undefined {
    const store = this.#opened('now');
    if (store === undefined) return this.#reported?.error ?? 'the store is closed';
    try {
      if ('url' in order) store.remove(order.url);
      else store.purge(order.prefix);
      return undefined;
    } catch (error) {
      this.#tell(error);
      return (error as Error).message;
    }
  }

  #later(error: string): string {
    if (this.#users === 0) return error;
    this.#timer = startTimer(this.#retryMs, (self: KeptCopies) => void self.settle(), this);
    this.#retryMs = Math.min(this.#retryMs * 2, FORGET_RETRY_MS_MAX);
    return error;
  }

  /** The store, opened if it is time to try again, or when it is asked for `now`. */
  #opened(when: 'due' | 'now' = 'due'): CopyStore | undefined {
    if (this.#store !== undefined || this.#users === 0) return this.#store;
    const nowMs = this.#deps.wallMs();
    if (when === 'due' && !this.#opening.isDue(nowMs)) return undefined;
    try {
      // A thread that serves must not wait for a locked file.
      this.#store = openStore(this.#cache, this.#deps, this.#reported === undefined ? OPEN_TRIES_MAX : 1);
      this.#opening.worked();
      this.#reported = undefined;
      // What was to be forgotten while it was not open is still in it.
      if (this.#forgotten.hasPending && when === 'due') this.settle();
    } catch (error) {
      this.#opening.failed(nowMs);
      this.#tell(error);
    }
    return this.#store;
  }

  #read<T>(read: (store: CopyStore) => T | undefined): T | undefined {
    const store = this.#opened();
    if (store === undefined) return undefined;
    try {
      return read(store);
    } catch (error) {
      this.#tell(error);
      if (!isBusy(error)) this.#reopen(store);
      return undefined;
    }
  }

  /** What cannot be read may have been replaced, or be whole again, when it is opened anew. */
  #reopen(store: CopyStore): void {
    this.#store = undefined;
    this.#opening.failed(this.#deps.wallMs());
    try {
      store.close();
    } catch {
      // It is given up in any case.
    }
  }

  #isDue(key: string): boolean {
    return this.#deps.wallMs() - (this.#writtenMs.get(key) ?? Number.NEGATIVE_INFINITY) >= REWRITTEN_MS;
  }

  #tell(error: unknown): void {
    const { message } = error as Error;
    const nowMs = this.#deps.wallMs();
    if (this.#reported?.error === message && nowMs - this.#reported.atMs < REPORT_AGAIN_MS) return;
    this.#reported = { error: message, atMs: nowMs };
    this.#deps.storeFailed(message);
  }
}

/** When something that failed may be tried again. */
class BackOff {
  #nextMs = Number.NEGATIVE_INFINITY;
  #waitMs = RETRY_MS;

  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextMs;
  }

  failed(nowMs: number): void {
    this.#nextMs = nowMs + this.#waitMs;
    this.#waitMs = Math.min(this.#waitMs * 2, RETRY_MS_MAX);
  }

  worked(): void {
    this.#nextMs = Number.NEGATIVE_INFINITY;
    this.#waitMs = RETRY_MS;
  }
}

function openStore(cache: CachePolicy, { threads, wallMs }: KeptCopiesDeps, tries: number): CopyStore {
  if (cache.store === 'sqlite') return new SqliteStore(cache.path as string, cache, { nowMs: wallMs(), tries });
  return new MemoryStore(shareOf(cache, threads));
}

/** Rounded down, so that all threads together stay within it; one that gets nothing keeps nothing. */
function shareOf({ bytes, entries }: CachePolicy, threads: number): StoreLimits {
  return { bytes: Math.floor(bytes / threads), entries: Math.max(1, Math.floor(entries / threads)) };
}
