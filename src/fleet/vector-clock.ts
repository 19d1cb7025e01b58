import { compareText } from '../config/compare-text.ts';
import { ownEntry } from '../config/own-entry.ts';
import type { VectorClock } from './fleet.ts';

/**
 * Which writes of a key somebody has seen: of each edge all up to a number. The rest is under the name of no edge,
 * `FLOOR`: of every edge all up to that number. So a clock is a set of writes, joining is their union, and every law of a
 * union holds. A floor is what keeps clocks short (see `shortened`).
 */
export const FLOOR = '';

/**
 * Edges that a clock names. Beyond, the oldest go into the floor when the key is next written: a write that has been
 * on its way since before the last writes of so many other edges then counts as seen.
 */
export const CLOCK_EDGES_MAX = 128;

export const NEVER: VectorClock = Object.freeze({});

export type Order = 'equal' | 'before' | 'after' | 'concurrent';

/** How `a` stands to `b`, over the edges that either names. */
export function compare(a: VectorClock, b: VectorClock): Order {
  const [aLeads, bLeads] = [leads(a, b), leads(b, a)];
  if (aLeads && bLeads) return 'concurrent';
  if (aLeads) return 'after';
  return bLeads ? 'before' : 'equal';
}

function leads(a: VectorClock, b: VectorClock): boolean {
  return Object.entries(a).some(([edge, number]) => number > seenOf(b, edge));
}

/** The number up to which the writes of an edge have been seen. */
export function seenOf(clock: VectorClock, edge: string): number {
  return Math.max(of(clock, edge), of(clock, FLOOR));
}

/** What either has seen. */
export function joined(a: VectorClock, b: VectorClock): VectorClock {
  const floor = Math.max(of(a, FLOOR), of(b, FLOOR));
  return clockOf(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((edge) => [edge, largest(a, b, edge)]),
    floor,
  );
}

/** The clock that has also seen the write `number` of `edge`. */
export function withWrite(clock: VectorClock, edge: string, number: number): VectorClock {
  return clockOf(Object.entries(joined(clock, { [edge]: number })), of(clock, FLOOR));
}

/**
 * The clock with no more than `edgesMax` edges: the lowest numbers, which are the oldest since numbers follow the time, go
 * into the floor. Done by the edge that writes, never while joining, so joining stays lawful.
 */
export function shortened(clock: VectorClock, edgesMax = CLOCK_EDGES_MAX): VectorClock {
  const edges = Object.entries(clock).filter(([edge]) => edge !== FLOOR);
  if (edges.length <= edgesMax) return clock;
  const floor = edges.map(([, number]) => number).toSorted((x, y) => y - x)[edgesMax] ?? 0;
  return clockOf(edges, Math.max(floor, of(clock, FLOOR)));
}

/** One set has one form: sorted, and without edges that the floor covers. */
function clockOf(entries: readonly (readonly [string, number])[], floor: number): VectorClock {
  const above = entries.filter(([edge, number]) => edge !== FLOOR && number > floor);
  const sorted = above.toSorted(([a], [b]) => compareText(a, b));
  return Object.freeze(Object.fromEntries(floor > 0 ? [[FLOOR, floor] as const, ...sorted] : sorted));
}

function largest(a: VectorClock, b: VectorClock, edge: string): number {
  return Math.max(of(a, edge), of(b, edge));
}

function of(clock: VectorClock, edge: string): number {
  return ownEntry(clock, edge) ?? 0;
}
