import { ownEntry } from '../config/own-entry.ts';
import { canonical } from './canonical.ts';
import type { Merge, SharedRecord, SharedValue } from './fleet.ts';

/** The value that was written last, by the clocks of the writers; at the same time, the later edge by name, then by value. */
export const lastWrite: Merge = (a, b) => (isLater(a, b) ? a.value : b.value);

/**
 * Values are counts by the edge that counted, `{ edge: n }`, and each edge raises its own only. The larger count of an edge
 * is the later one. Adding the values up instead would count twice what both had seen.
 */
export const counters: Merge = (a, b) => {
  const edges = [...new Set([...Object.keys(a.value), ...Object.keys(b.value)])].toSorted();
  return Object.fromEntries(edges.map((edge) => [edge, Math.max(countOf(a.value, edge), countOf(b.value, edge))]));
};

/** What all edges have counted together. */
export function totalOf(value: SharedValue): number {
  return Object.keys(value).reduce((sum, edge) => sum + countOf(value, edge), 0);
}

function countOf(value: SharedValue, edge: string): number {
  const count = ownEntry(value, edge);
  return typeof count === 'number' && Number.isFinite(count) ? count : 0;
}

/** The merge of the longest prefix of `key` that has one; `lastWrite` when none has. */
export function mergeFor(key: string, merges: Readonly<Record<string, Merge>>): Merge {
  const prefixes = Object.keys(merges).filter((prefix) => key.startsWith(prefix));
  const longest = prefixes.toSorted((a, b) => b.length - a.length)[0];
  return (longest === undefined ? undefined : merges[longest]) ?? lastWrite;
}

/** Whether `a` was written after `b`, in an order in which nothing ties but what is the same. */
export function isLater(a: Written, b: Written): boolean {
  if (a.writtenAtMs !== b.writtenAtMs) return a.writtenAtMs > b.writtenAtMs;
  if (a.by !== b.by) return a.by > b.by;
  return canonical(a.value) > canonical(b.value);
}

type Written = Pick<SharedRecord, 'writtenAtMs' | 'by' | 'value'>;
