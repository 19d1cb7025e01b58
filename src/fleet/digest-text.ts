import { packNumbers, unpackNumbers } from './report-text.ts';

/** What the edges that tell one store what they see, see together. */
export type Digest = {
  /** Another for every digest; no spaces. */
  readonly number: string;
  /** Edges that are in it. */
  readonly edges: number;
  /** Hashes of the list of those edges and of the list of endpoints. */
  readonly members: string;
  readonly names: string;
  /** By place in that list: requests in flight, edges that see it up, down, and not. */
  readonly inFlight: readonly number[];
  readonly up: readonly number[];
  readonly down: readonly number[];
  readonly unknown: readonly number[];
  /** Milliseconds since they were heard of those edges that are late, by edge. */
  readonly late: Readonly<Record<string, number>>;
  /** Milliseconds that each region is behind this one; a region that was never in step is missing. */
  readonly lags: Readonly<Record<string, number>>;
};

/** An edge, its region, and 1 when it has said that it ends; an edge of an earlier version leaves those out. */
export type Member = readonly [edge: string, region: string, leaving?: 1];

/** A digest as the stores keep it, without its number, which is kept beside it. */
export function digestText(digest: Digest): string {
  const { edges, members, names, inFlight, up, down, unknown, late, lags } = digest;
  // Most edges see most endpoints up: only what is otherwise is written.
  const notUp = up.map((count) => edges - count);
  const packed = [inFlight, notUp, down, unknown].map(packNumbers);
  return JSON.stringify([DIGEST_VERSION, edges, members, names, inFlight.length, ...packed, late, lags]);
}

/** Undefined when it is no digest that this edge can read. */
export function readDigest(number: string, text: string): Digest | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(raw) || raw[0] !== DIGEST_VERSION || raw.length !== 11) return undefined;
  const [, edges, members, names, count, inFlight, notUp, down, unknown, late, lags] = raw as Raw;
  const words = [members, names, inFlight, notUp, down, unknown];
  if (!Number.isSafeInteger(edges) || !Number.isSafeInteger(count) || count > 1e6) return undefined;
  if (!words.every((word) => typeof word === 'string') || !isNumbers(late) || !isNumbers(lags)) return undefined;
  return {
    number,
    edges,
    members,
    names,
    late,
    lags,
    inFlight: unpackNumbers(inFlight, count),
    up: unpackNumbers(notUp, count).map((less) => Math.max(0, edges - less)),
    down: unpackNumbers(down, count),
    unknown: unpackNumbers(unknown, count),
  };
}

/** The list of edges as the stores keep it. */
export function membersText(members: readonly Member[]): string {
  return JSON.stringify(members);
}

/** Reads that list; what cannot be read is left out. */
export function readMembers(text: string): readonly Member[] {
  try {
    const raw: unknown = JSON.parse(text);
    if (!Array.isArray(raw)) return [];
    return raw.flatMap((one): Member[] => {
      if (!Array.isArray(one)) return [];
      const [edge, region] = [String(one[0]), String(one[1])];
      if (one.length === 2) return [[edge, region]];
      return one.length === 3 && one[2] === 1 ? [[edge, region, 1]] : [];
    });
  } catch {
    return [];
  }
}

type Raw = [unknown, number, string, string, number, string, string, string, string, Numbers, Numbers];
type Numbers = Readonly<Record<string, number>>;

const DIGEST_VERSION = 1;

function isNumbers(raw: unknown): raw is Numbers {
  return typeof raw === 'object' && raw !== null && Object.values(raw).every((one) => typeof one === 'number');
}
