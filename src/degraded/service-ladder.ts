import type { CachePolicy, DegradedPolicy } from '../config/topology-degraded.ts';
import { ByteBudget } from '../table/byte-budget.ts';
import type { Copy, HeaderLookup } from './copy.ts';
import type { ForgetOrder } from './forgotten.ts';
import { type CopyLevels, KeptCopies, type KeptCopiesDeps } from './kept-copies.ts';
import { PASSING_BYTES_MAX } from './limits.ts';
import { Misses } from './misses.ts';
import { FallbackBackend } from './undici-fallback.ts';

/** Late answers of one service that are waited for after their client was served, per edge thread. */
export const REFRESHES_MAX = 64;

export type LadderDeps = KeptCopiesDeps & {
  /** What answers on their way may take of this thread's memory, over all services; one of its own when it is left out. */
  readonly passing?: ByteBudget;
};

/**
 * What one service's ladder holds in one edge thread: copies, requests that wait for each other, backends. Requests that
 * began on it go on with it when a reload has put another in its place; with the last of them it is closed.
 */
export class ServiceLadder {
  readonly policy: DegradedPolicy;
  /** The same as `policy.cache`, with the largest body that there is room for. */
  readonly cache: CachePolicy;
  readonly misses = new Misses();
  readonly backends: readonly FallbackBackend[];
  /** Whether clients see the names of fallbacks. */
  tellsNames = false;
  /** Memory for answers that are not whole yet, shared by all ladders of a thread. */
  readonly passing: ByteBudget;
  readonly #deps: LadderDeps;
  readonly #copies: KeptCopies;
  readonly #refreshing = new Set<string>();
  #users = 0;
  #ended = false;
  #retired: PromiseWithResolvers<void> | undefined;

  /** `previous` is the service's ladder until now; its copies stay when they are to be kept in the same way. */
  constructor(policy: DegradedPolicy, deps: LadderDeps, previous?: ServiceLadder) {
    this.policy = policy;
    this.#deps = deps;
    this.passing = deps.passing ?? new ByteBudget(PASSING_BYTES_MAX);
    this.backends = policy.fallbacks.map((fallback) => new FallbackBackend(fallback));
    const kept = previous?.copiesFor(policy.cache);
    this.#copies = kept ?? new KeptCopies(policy.cache, deps);
    this.cache = { ...policy.cache, entryBytes: this.#copies.bodyBytesMax };
  }

  /** Its copies, if they are kept as another ladder wants them. */
  copiesFor(cache: CachePolicy): KeptCopies | undefined {
    return this.#copies.fits(cache) ? this.#copies.share() : undefined;
  }

  wallMs(): number {
    return this.#deps.wallMs();
  }

  /** A request begins to use it; `leave` is called once for each. */
  enter(): void {
    this.#users += 1;
  }

  leave(): void {
    this.#users -= 1;
    if (this.#users === 0 && this.#retired !== undefined) this.#end(this.#retired);
  }

  /** No new request comes to it. Resolves when the last one has left and everything is closed. */
  retire(): Promise<void> {
    this.#retired ??= Promise.withResolvers();
    if (this.#users === 0) this.#end(this.#retired);
    return this.#retired.promise;
  }

  find(url: string, header: HeaderLookup): Copy | undefined {
    return this.#copies.find(url, header);
  }

  staleAtMs(url: string): number | undefined {
    return this.#copies.staleAtMs(url);
  }

  /** Whether a copy would be kept now, as far as can be told. */
  get takesCopies(): boolean {
    return this.#copies.takesCopies;
  }

  /** What it keeps now; undefined when its store cannot be read. */
  takeLevels(): CopyLevels | undefined {
    return this.#copies.takeLevels();
  }

  /** For `keep`: orders to forget that come after it are heeded. */
  get mark(): number {
    return this.#copies.mark;
  }

  keep(url: string, copy: Copy, mark = this.mark): boolean {
    return this.#copies.keep(url, copy, mark);
  }

  /** Forgets copies. Undefined when that is done; else what stands in the way, and it is tried again until it is. */
  forget(order: ForgetOrder): string | undefined {
    return this.#copies.forget(order);
  }

  /** Tries again what is still to be forgotten. Undefined when nothing is. */
  settle(): string | undefined {
    return this.#copies.settle();
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

  /** Ends it now, with whatever is under way. */
  async close(): Promise<void> {
    this.#retired ??= Promise.withResolvers();
    this.#end(this.#retired);
    await this.#retired.promise;
  }

  #end({ resolve }: PromiseWithResolvers<void>): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#copies.close();
    void Promise.all(this.backends.map((backend) => backend.close())).then(() => resolve());
  }
}
