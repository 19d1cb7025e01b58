import { isMapping } from '../../config/raw.ts';
import type { SharedRecord, SharedValue } from '../fleet.ts';

/** Where what users write is among the records of a fleet. */
export const VALUE_PREFIX = 'value/';

/** What counts of one life of an edge: added, and taken away. Both only rise, so the larger is the later. */
export type Counts = Readonly<Record<string, readonly [plus: number, minus: number]>>;

/** Where a value that most regions agreed on comes from. */
export type StrongOrigin = {
  readonly revision: number;
  readonly id: string;
  readonly ballot: string;
  /** The edge that was asked, and the time by its wall clock. */
  readonly by: string;
  readonly atMs: number;
};

/** What the record of a value says. */
export type ValueRecord = {
  /** Undefined: it is deleted. Of a counter it is the sum. */
  readonly value: unknown;
  readonly counts: Counts | undefined;
  readonly actor: string;
  readonly strong: StrongOrigin | undefined;
};

/** The key of the record that a value is kept in. */
export function recordKey(key: string): string {
  return `${VALUE_PREFIX}${key}`;
}

/** The value's key, by the key of its record. */
export function keyOf(recordOf: string): string {
  return recordOf.slice(VALUE_PREFIX.length);
}

/** `v` is the value and left out when it was deleted, `c` are counts, `a` is the actor, `s` where it was agreed on. */
export function written({
  value,
  counts,
  actor,
  strong,
}: Partial<ValueRecord> & { readonly actor: string }): SharedValue {
  return {
    ...(value === undefined || counts !== undefined ? {} : { v: value }),
    ...(counts === undefined ? {} : { c: counts }),
    a: actor,
    ...(strong === undefined ? {} : { s: [strong.revision, strong.id, strong.ballot, strong.by, strong.atMs] }),
  };
}

/** Reads what any edge of any version may have written. What it does not understand is a deletion. */
export function readValue({ value }: Pick<SharedRecord, 'value'>): ValueRecord {
  const { v, c, a, s } = value;
  const counts = countsOf(c);
  return {
    value: counts === undefined ? v : sumOf(counts),
    counts,
    actor: typeof a === 'string' ? a : '',
    strong: originOf(s),
  };
}

/** What a counter is at: all that was added, less all that was taken away. */
export function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, [plus, minus]) => sum + plus - minus, 0);
}

function countsOf(raw: unknown): Counts | undefined {
  if (!isMapping(raw)) return undefined;
  const all = Object.entries(raw).filter(([, pair]) => Array.isArray(pair) && pair.length === 2 && pair.every(isCount));
  return Object.fromEntries(all) as Counts;
}

function isCount(raw: unknown): boolean {
  return typeof raw === 'number' && Number.isFinite(raw) && raw >= 0;
}

function originOf(raw: unknown): StrongOrigin | undefined {
  if (!Array.isArray(raw)) return undefined;
  const [revision, id, ballot, by, atMs] = raw as readonly unknown[];
  if (typeof revision !== 'number' || typeof id !== 'string' || typeof ballot !== 'string') return undefined;
  return { revision, id, ballot, by: String(by), atMs: Number(atMs) };
}
