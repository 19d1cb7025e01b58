import { byPrefix, type ValueMerge, type ValueSettings } from '../../config/topology-values.ts';
import { canonical } from '../canonical.ts';
import type { Merge, SharedRecord } from '../fleet.ts';
import { isLater, lastWrite } from '../merge.ts';
import { type Counts, readValue, VALUE_PREFIX, type ValueRecord, written } from './value-record.ts';

/** The merges of all values, by the prefix of their records. */
export function valueMerges({ merges, consistency }: ValueSettings): Readonly<Record<string, Merge>> {
  const strong = Object.keys(consistency).filter((prefix) => consistency[prefix] === 'strong');
  const prefixes = new Set(['', ...Object.keys(merges), ...Object.keys(consistency)]);
  return Object.fromEntries(
    [...prefixes].map((prefix) => {
      const isStrong = strong.length > 0 && byPrefix(prefix, consistency) === 'strong';
      return [`${VALUE_PREFIX}${prefix}`, isStrong ? latestAgreed : MERGES[byPrefix(prefix, merges) ?? 'newest']];
    }),
  );
}

/** What most regions agreed on last. */
const latestAgreed: Merge = (a, b) => {
  const [one, other] = [a, b].map((record) => readValue(record).strong?.ballot ?? '') as [string, string];
  if (one === other) return lastWrite(a, b);
  return one > other ? a.value : b.value;
};

/**
 * A merge that brings values together which both `fit`. One that does not fit, since the file said something else when it was
 * written, gives way to one that does, and a deletion to anything that was written beside it.
 */
function merging(fits: (record: ValueRecord) => boolean, merge: (a: ValueRecord, b: ValueRecord) => unknown): Merge {
  return (a, b) => {
    const [one, other] = [readValue(a), readValue(b)];
    if (!fits(one) || !fits(other)) return fits(one) === fits(other) ? lastWrite(a, b) : (fits(one) ? a : b).value;
    const actor = actorOf(a, b);
    const merged = merge(one, other);
    return one.counts === undefined ? written({ value: merged, actor }) : written({ counts: merged as Counts, actor });
  };
}

function actorOf(a: SharedRecord, b: SharedRecord): string {
  return readValue(isLater(a, b) ? a : b).actor;
}

const isNumber = ({ value, counts }: ValueRecord) => counts === undefined && typeof value === 'number';
const isList = ({ value }: ValueRecord) => Array.isArray(value);

const MERGES: Readonly<Record<ValueMerge, Merge>> = {
  newest: lastWrite,
  counter: merging(
    ({ counts }) => counts !== undefined,
    ({ counts: a = {} }, { counts: b = {} }) => higherCounts(a, b),
  ),
  union: merging(isList, (a, b) => elements([...(a.value as unknown[]), ...(b.value as unknown[])])),
  lowest: merging(isNumber, (a, b) => Math.min(a.value as number, b.value as number)),
  highest: merging(isNumber, (a, b) => Math.max(a.value as number, b.value as number)),
};

function higherCounts(a: Counts, b: Counts): Counts {
  const lives = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return Object.fromEntries(
    lives.map((life) => {
      const [[plus, minus], [otherPlus, otherMinus]] = [a[life] ?? [0, 0], b[life] ?? [0, 0]];
      return [life, [Math.max(plus, otherPlus), Math.max(minus, otherMinus)] as const];
    }),
  );
}

/** Each once, in an order that all edges have. */
export function elements(all: readonly unknown[]): readonly unknown[] {
  const byText = new Map(all.map((one) => [canonical(one), one]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
