import { HUBS } from './hubs.ts';
import { LINKS, TYPICAL_INFLATION } from './links.ts';
import { SUBREGIONS } from './subregions.ts';

/** The numbers of the latency model that are fitted on measurements. */
export type Factors = {
  /** Milliseconds that every round trip costs, however short: equipment, not distance. */
  baseMs: number;
  /** Length of a direct way between two places that are near each other, as a share of the way through their hubs' legs. */
  direct: number;
  /** Milliseconds between a hub and the places around it, by the order of `HUBS`. */
  readonly accessMs: number[];
  /** Length of a link in great circles, by the order of `LINKS`. */
  readonly linkInflation: number[];
  /** Length of the way from a place to a hub in great circles, by the order of `SUBREGIONS`. */
  readonly legInflation: number[];
  /** What a path between two subregions is longer than its links: a square, symmetric, row by row. */
  readonly pairFactor: number[];
};

/** What is assumed of everything before a measurement says otherwise. */
export function typicalFactors(): Factors {
  return {
    baseMs: 3,
    direct: 0.9,
    accessMs: HUBS.map(() => 1),
    linkInflation: LINKS.map((link) => TYPICAL_INFLATION[link.medium]),
    legInflation: SUBREGIONS.map(() => 1.8),
    pairFactor: SUBREGIONS.flatMap(() => SUBREGIONS.map(() => 1)),
  };
}

/**
 * Reads the text of fitted factors; what it does not mention stays typical, so that a hub or a link can be added before
 * the next fit. Lines: `all BASE DIRECT`, `hub NAME ACCESS NEIGHBOUR INFLATION …`, `subregion NAME LEG OTHER FACTOR …`.
 * Throws when a line is none of these or a number is not positive.
 */
export function readFactors(text: string): Factors {
  const factors = typicalFactors();
  for (const line of text.trim().split('\n')) readLine(line.trim().split(' '), factors);
  return factors;
}

function readLine([kind, name = '', ...rest]: readonly string[], factors: Factors): void {
  if (kind === 'all') {
    factors.baseMs = positive(name);
    factors.direct = positive(rest[0]);
    return;
  }
  const index = kind === 'hub' ? hubIndex(name) : subregionIndex(name);
  if (kind !== 'hub' && kind !== 'subregion') throw new Error(`Fitted factors have an unknown line: ${kind}.`);
  if (index === -1) return;
  (kind === 'hub' ? factors.accessMs : factors.legInflation)[index] = positive(rest[0]);
  for (let at = 1; at < rest.length; at += 2) {
    const [other = '', value] = [rest[at], positive(rest[at + 1])];
    if (kind === 'hub') setLink(factors, [index, hubIndex(other)], value);
    else setPair(factors, [index, subregionIndex(other)], value);
  }
}

function setLink(factors: Factors, [a, b]: readonly [number, number], value: number): void {
  const index = LINKS.findIndex((link) => (link.a === a && link.b === b) || (link.a === b && link.b === a));
  if (index !== -1) factors.linkInflation[index] = value;
}

function setPair(factors: Factors, [a, b]: readonly [number, number], value: number): void {
  if (b === -1) return;
  factors.pairFactor[a * SUBREGIONS.length + b] = value;
  factors.pairFactor[b * SUBREGIONS.length + a] = value;
}

function hubIndex(name: string): number {
  return HUBS.findIndex((hub) => hub.name === name);
}

function subregionIndex(name: string): number {
  return SUBREGIONS.findIndex((subregion) => subregion === name);
}

function positive(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || !(value >= 0 && value < 1e6)) throw new Error(`Fitted factors have a bad number: ${text}.`);
  return value;
}
