import { type Copy, copyBytes, type HeaderLookup, serves, variantOf } from './copy.ts';
import { type CopyStore, type StoreLimits, VARIANTS_MAX } from './copy-store.ts';

/** Copies in this thread's memory. The URL that was used longest ago goes first. */
export class MemoryStore implements CopyStore {
  readonly #limits: StoreLimits;
  /** In the order of their use, the latest last. */
  readonly #urls = new Map<string, Copy[]>();
  #bytes = 0;
  #entries = 0;
  #evicted = 0;

  constructor(limits: StoreLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get entries(): number {
    return this.#entries;
  }

  get evicted(): number {
    return this.#evicted;
  }

  find(url: string, header: HeaderLookup, nowMs: number): Copy | undefined {
    const copies = this.#urls.get(url);
    const found = copies?.findLast((copy) => copy.keptUntilMs > nowMs && serves(copy, header));
    if (copies !== undefined && found !== undefined) {
      this.#urls.delete(url);
      this.#urls.set(url, copies);
    }
    return found;
  }

  staleAtMs(url: string): number | undefined {
    return this.#urls.get(url)?.reduce((latest, copy) => Math.max(latest, copy.staleAtMs), 0);
  }

  put(url: string, copy: Copy): void {
    const variant = variantOf(copy);
    const others = (this.#urls.get(url) ?? []).filter((other) => variantOf(other) !== variant).slice(1 - VARIANTS_MAX);
    this.remove(url);
    const copies = [...others, copy];
    const bytes = bytesOf(url, copies);
    if (bytes > this.#limits.bytes || copies.length > this.#limits.entries) return;
    this.#urls.set(url, copies);
    this.#bytes += bytes;
    this.#entries += copies.length;
    this.#makeRoom();
  }

  remove(url: string): void {
    const copies = this.#urls.get(url);
    if (copies === undefined) return;
    this.#urls.delete(url);
    this.#bytes -= bytesOf(url, copies);
    this.#entries -= copies.length;
  }

  purge(prefix: string): void {
    for (const url of this.#urls.keys()) if (url.startsWith(prefix)) this.remove(url);
  }

  close(): void {
    this.purge('');
  }

  #makeRoom(): void {
    for (const url of this.#urls.keys()) {
      if (this.#bytes <= this.#limits.bytes && this.#entries <= this.#limits.entries) return;
      this.#evicted += this.#urls.get(url)?.length ?? 0;
      this.remove(url);
    }
  }
}

function bytesOf(url: string, copies: readonly Copy[]): number {
  return copies.reduce((sum, copy) => sum + copyBytes(url, copy), 0);
}
