import type { Copy } from './copy.ts';

/**
 * What a request says of copies in `Cache-Control` (RFC 9111 §5.2.1). Except for `no-store`, which is an order, and
 * `only-if-cached`, all of it is what its client would rather have: a copy that does not meet it is the last resort.
 */
export type Wishes = {
  /** No endpoint and no fallback is to be asked. */
  readonly onlyIfCached: boolean;
  /** Nothing of the answer may be kept. */
  readonly noStore: boolean;
  /** `no-cache`, or `no-store`: no copy at all, if it can be helped. */
  readonly noCopy: boolean;
  readonly maxAgeMs: number | undefined;
  readonly minFreshMs: number | undefined;
  /** How stale a copy its client takes without complaint. */
  readonly maxStaleMs: number | undefined;
};

export const NO_WISHES: Wishes = {
  onlyIfCached: false,
  noStore: false,
  noCopy: false,
  maxAgeMs: undefined,
  minFreshMs: undefined,
  maxStaleMs: undefined,
};

/** The wishes in `Cache-Control`; `Pragma: no-cache` counts only where there is none (RFC 9111 §5.4). */
export function wishesOf(cacheControl: string | undefined, pragma: string | undefined): Wishes {
  if (cacheControl === undefined) {
    return pragma !== undefined && directivesOf(pragma).has('no-cache') ? { ...NO_WISHES, noCopy: true } : NO_WISHES;
  }
  const said = directivesOf(cacheControl);
  const noStore = said.has('no-store');
  return {
    onlyIfCached: said.has('only-if-cached'),
    noStore,
    noCopy: noStore || said.has('no-cache'),
    // What cannot be read is taken for the stricter thing: nothing is young enough.
    maxAgeMs: said.has('max-age') ? (secondsIn(said.get('max-age')) ?? 0) : undefined,
    minFreshMs: secondsIn(said.get('min-fresh')),
    maxStaleMs: said.get('max-stale') === '' ? Number.POSITIVE_INFINITY : secondsIn(said.get('max-stale')),
  };
}

/** Whether a copy that is fresh by its own lifetime is so for this request too. */
export function isFreshEnough(copy: Copy, wishes: Wishes, nowMs: number): boolean {
  const { minFreshMs } = wishes;
  return isYoungEnough(copy, wishes, nowMs) && (minFreshMs === undefined || copy.staleAtMs - nowMs >= minFreshMs);
}

/** Whether a copy that is stale is one that its client has nothing against; how stale it may be is another question. */
export function acceptsStale(copy: Copy, wishes: Wishes, nowMs: number): boolean {
  return isYoungEnough(copy, wishes, nowMs) && wishes.minFreshMs === undefined;
}

function isYoungEnough({ bornMs }: Copy, { noCopy, maxAgeMs }: Wishes, nowMs: number): boolean {
  // `max-age=0` is what a reload says, and means a copy of any age.
  return !noCopy && maxAgeMs !== 0 && (maxAgeMs === undefined || nowMs - bornMs <= maxAgeMs);
}

/** Directives by their lower-case names; the empty text for one without a value. The first of a name counts. */
function directivesOf(field: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of field.matchAll(DIRECTIVE)) {
    const lower = name.toLowerCase();
    if (!found.has(lower)) found.set(lower, quoted ?? plain ?? '');
  }
  return found;
}

const DIRECTIVE = /(?:^|,)[ \t]*([\w!#$%&'*+.^`|~-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/** Longer than any copy is kept, and still a number of milliseconds that can be reckoned with. */
const SECONDS_MAX = 2 ** 31;

function secondsIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), SECONDS_MAX) * 1000 : undefined;
}
