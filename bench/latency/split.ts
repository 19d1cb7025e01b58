import { siteKm } from '../../src/geo/site.ts';
import type { Node, Pair } from './measurements.ts';

/** Cities are dealt into this many folds; one of them is held back at a time. */
export const FOLDS = 5;
/** Servers nearer to each other than this are one city: they are held back together. */
export const CITY_KM = 60;

/** The fold of every node, by a hash of its city's first name: the same on every machine and for every subset of pairs. */
export function foldsOf(pairs: readonly Pair[]): ReadonlyMap<Node, number> {
  const nodes = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const city = new Map<Node, Node>();
  for (const node of nodes) {
    if (city.has(node)) continue;
    city.set(node, node);
    spread(node, node, { nodes, city });
  }
  return new Map(nodes.map((node) => [node, hash((city.get(node) ?? node).name) % FOLDS]));
}

/** Gives `first`'s city to every node that is near `from`, and to those near them. */
function spread(from: Node, first: Node, into: { nodes: readonly Node[]; city: Map<Node, Node> }): void {
  for (const other of into.nodes) {
    if (into.city.has(other) || siteKm(from.site, other.site) > CITY_KM) continue;
    into.city.set(other, first);
    spread(other, first, into);
  }
}

/** FNV-1a, then the finaliser of MurmurHash3: the low bits of the former alone are too regular for a modulus. */
function hash(text: string): number {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 16777619);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
