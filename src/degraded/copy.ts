import { compareText } from '../config/compare-text.ts';

/**
 * An answer that is kept. Times are milliseconds of the wall clock, because a copy may outlive the process. `headers` are
 * names and values alternating, as the endpoint sent them, without those that are about one connection or one client.
 */
export type Copy = {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** The request headers that `Vary` names, in lower case, with what they were; null where the request had none. */
  readonly vary: Readonly<Record<string, string | null>>;
  /** When it would have had age 0. */
  readonly bornMs: number;
  readonly staleAtMs: number;
  /** It is of no use to anybody after this. */
  readonly keptUntilMs: number;
  /** False when its origin forbids to serve it stale. */
  readonly mayBeStale: boolean;
  /** What its origin says of `stale-if-error` and `stale-while-revalidate`; undefined where it says nothing. */
  readonly ifErrorMs: number | undefined;
  readonly whileRevalidateMs: number | undefined;
};

/** The value of a request header by its lower-case name. */
export type HeaderLookup = (name: string) => string | undefined;

/**
 * What a copy varies by that was made for a client behind a fence: the places that its answer may come from. It is no name that a field
 * can have.
 */
export const FENCED_TO = 'fenced to';

/** What a copy is counted as beside its bytes: its place in the maps, or its row. */
export const COPY_OVERHEAD_BYTES = 512;

/** Bytes that a copy takes of its store's limit. */
export function copyBytes(url: string, copy: Copy): number {
  let bytes = COPY_OVERHEAD_BYTES + url.length + copy.body.length;
  for (const text of copy.headers) bytes += text.length;
  for (const [name, value] of Object.entries(copy.vary)) bytes += name.length + (value?.length ?? 0);
  return bytes;
}

/**
 * Whether a request would get the same answer as the one that the copy was made for (RFC 9111 §4.1), and from a place that a fence
 * lets serve its client: a copy that says nothing of a fence may be from anywhere.
 */
export function serves(copy: Copy, header: HeaderLookup): boolean {
  if (header(FENCED_TO) !== undefined && copy.vary[FENCED_TO] === undefined) return false;
  return Object.entries(copy.vary).every(([name, value]) => (header(name) ?? null) === value);
}

/** Two copies of one URL that are for the same requests have the same variant. */
export function variantOf({ vary }: Pick<Copy, 'vary'>): string {
  return JSON.stringify(Object.entries(vary).toSorted(([a], [b]) => compareText(a, b)));
}
