import type { Copy, HeaderLookup } from './copy.ts';

/** Where copies are kept, by the public URL that was asked for. It never throws for what is in it, only for its own end. */
export type CopyStore = {
  /** The copy that serves a request with these headers, if it is still of use at `nowMs`. */
  readonly find: (url: string, header: HeaderLookup, nowMs: number) => Copy | undefined;
  /** When the freshest copy of a URL becomes stale; undefined when there is none. */
  readonly staleAtMs: (url: string) => number | undefined;
  /** Keeps a copy in the place of the one with its variant, and drops the least useful ones beyond the limits. */
  readonly put: (url: string, copy: Copy) => void;
  readonly remove: (url: string) => void;
  /** Drops the copies of every URL that begins with `prefix`; the empty one drops all. */
  readonly purge: (prefix: string) => void;
  readonly close: () => void;
  /** What it holds now; a file that several threads share says the same to all of them. */
  readonly bytes: number;
  readonly entries: number;
  /** Copies that had to make room for others, since it was opened. */
  readonly evicted: number;
};

/** What a store may hold. */
export type StoreLimits = { readonly bytes: number; readonly entries: number };

/** Variants of one URL that are kept; a `Vary` on something that is different each time must not fill the store. */
export const VARIANTS_MAX = 32;
