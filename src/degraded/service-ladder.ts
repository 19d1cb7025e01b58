import type { CachePolicy, DegradedPolicy } from '../config/topology.ts';
import { type Copy, type HeaderLookup, variantOf } from './copy.ts';
import type { CopyStore } from './copy-store.ts';
import { MemoryStore } from './memory-store.ts';
import { Misses } from './misses.ts';
import { SqliteStore } from './sqlite-store.ts';
import { FallbackBackend } from './undici-fallback.ts';

/** Late answers of one service that are waited for after their client was served, per edge thread. */
export const REFRESHES_MAX = 64;

/** Answers that are being kept while they pass, of one service in one edge thread; beyond that they only pass. */
export const RESERVED_BYTES_MAX = 64 * 1024 * 1024;

/** A copy in a file is written again after this long, and so many are remembered for it. */
export const REWRITTEN_MS = 1000;
const WRITTEN_MAX = 10_000;

export type LadderDeps = {
  /** Edge threads, which share out what one store may hold. */
  readonly threads: number;
  /** The wall clock in ms; it must not jump while the thread lives. */
  readonly wallMs: () => number;
  /** Told of a store that does not work, at most once a store. The ladder goes on without it. */
  readonly trouble: (error: string) => void;
};

/** What one service's ladder holds in one edge thread: copies, requests that wait for each other, backends. */
export class ServiceLadder {
  readonly policy: DegradedPolicy;
  readonly misses = new Misses();
  readonly backends: readonly FallbackBackend[];
  readonly #deps: LadderDeps;
  #store: CopyStore | undefined;
  readonly #refreshing = new Set<string>();
  /** When copies were last written to a file by this thread. */
  readonly #writtenMs = new Map<string, number>();
  #troubled = false;
  #reserved = 0;

  /** `previous` is the service's ladder until now; its copies stay when they are to be kept in the same way. */
  constructor(policy: DegradedPolicy, deps: LadderDeps, previous?: ServiceLadder) {
    this.policy = policy;
    this.#deps = deps;
    this.backends = policy.fallbacks.map((fallback) => new FallbackBackend(fallback));
    const inherited = previous?.handOver(policy.cache);
    this.#store = inherited ?? this.#guarded(() => openStore(policy.cache, deps.threads), undefined);
  }

  /** Gives its store away, if another ladder wants it as it is. */
  handOver({ store, path, bytes, entries }: CachePolicy): CopyStore | undefined {
    const { cache } = this.policy;
    const same = cache.store === store && cache.path === path && cache.bytes === bytes && cache.entries === entries;
    const given = same ? this.#store : undefined;
    if (same) this.#store = undefined;
    return given;
  }

  wallMs(): number {
    return this.#deps.wallMs();
  }

  find(url: string, header: HeaderLookup): Copy | undefined {
    return this.#guarded(() => this.#store?.find(url, header, this.wallMs()), undefined);
  }

  staleAtMs(url: string): number | undefined {
    return this.#guarded(() => this.#store?.staleAtMs(url), undefined);
  }

  /** A file is written once a second for one copy: a write blocks the thread for half a millisecond. */
  keep(url: string, copy: Copy): void {
    if (this.policy.cache.store === 'sqlite' && !this.#isDue(url, copy)) return;
    this.#guarded(() => this.#store?.put(url, copy), undefined);
  }

  remove(url: string): void {
    this.#writtenMs.clear();
    this.#guarded(() => this.#store?.remove(url), undefined);
  }

  purge(prefix: string): void {
    this.#writtenMs.clear();
    this.#guarded(() => this.#store?.purge(prefix), undefined);
  }

  /** Takes room in memory for bytes of an answer that is not whole yet. */
  reserve(bytes: number): boolean {
    if (this.#reserved + bytes > RESERVED_BYTES_MAX) return false;
    this.#reserved += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#reserved -= bytes;
  }

  /** Takes one of the places of late answers; false when all are taken or the URL is being refreshed already. */
  beginRefresh(url: string): boolean {
    if (this.#refreshing.size >= REFRESHES_MAX || this.#refreshing.has(url)) return false;
    this.#refreshing.add(url);
    return true;
  }

  endRefresh(url: string): void {
    this.#refreshing.delete(url);
  }

  async close(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    this.#guarded(() => store?.close(), undefined);
    await Promise.all(this.backends.map((backend) => backend.close()));
  }

  #isDue(url: string, copy: Copy): boolean {
    const key = `${url} ${variantOf(copy)}`;
    const nowMs = this.wallMs();
    const sinceMs = nowMs - (this.#writtenMs.get(key) ?? Number.NEGATIVE_INFINITY);
    if (sinceMs < REWRITTEN_MS) return false;
    if (this.#writtenMs.size >= WRITTEN_MAX) this.#writtenMs.clear();
    this.#writtenMs.set(key, nowMs);
    return true;
  }

  /** A cache that fails must cost a copy, never an answer. */
  #guarded<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      if (!this.#troubled) this.#deps.trouble((error as Error).message);
      this.#troubled = true;
      return otherwise;
    }
  }
}

function openStore(cache: CachePolicy, threads: number): CopyStore {
  if (cache.store === 'sqlite') return new SqliteStore(cache.path as string, cache);
  // Rounded down, so that all threads together stay within it; one that gets nothing keeps nothing.
  const share = { bytes: Math.floor(cache.bytes / threads), entries: Math.max(1, Math.floor(cache.entries / threads)) };
  return new MemoryStore(share);
}
