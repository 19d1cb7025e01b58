import type { Factors } from '../../src/geo/factors.ts';
import { typicalFactors } from '../../src/geo/factors.ts';
import { HUBS } from '../../src/geo/hubs.ts';
import { LINKS } from '../../src/geo/links.ts';
import { SUBREGIONS } from '../../src/geo/subregions.ts';

/*
 * The factors as one vector that a descent can walk in. What multiplies is kept as a logarithm, so that a third and
 * threefold are equally far from what is typical, and so that nothing can become negative; milliseconds are kept as
 * they are. Each has the typical value that it is drawn back to, and how strongly. One thing is in the vector that is
 * not shipped: an offset of every measured node, which takes up what is peculiar to one server (a slow link at its
 * host), so that it does not bend what is said of its city.
 */
export type Parameters = {
  readonly values: Float64Array;
  readonly typical: Float64Array;
  /** Weight of the squared distance from the typical value in what is minimised. */
  readonly pull: Float64Array;
  /** A step of the descent in this parameter, as a multiple of the common step: milliseconds take larger ones. */
  readonly stride: Float64Array;
  /** No value goes below. */
  readonly floor: Float64Array;
};

const PAIRS = (SUBREGIONS.length * (SUBREGIONS.length + 1)) / 2;

/** Where each kind begins in the vector. */
export const BASE = 0;
export const DIRECT = 1;
export const LINK = 2;
export const ACCESS = LINK + LINKS.length;
export const LEG = ACCESS + HUBS.length;
export const PAIR = LEG + SUBREGIONS.length;
export const OFFSET = PAIR + PAIRS;

export function pairParameter(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return PAIR + (high * (high + 1)) / 2 + low;
}

/** How strongly each kind is drawn back; chosen by the held-back folds, which hardly mind a factor of three. */
const PULLS = { base: 0.1, direct: 3, link: 1, access: 0.08, leg: 3, pair: 30, offset: 0.04 } as const;
/** Milliseconds move this much faster than logarithms. */
const MS_STRIDE = 8;

export function typicalParameters(nodes: number): Parameters {
  const factors = typicalFactors();
  const size = OFFSET + nodes;
  const pull = new Float64Array(size).fill(PULLS.offset);
  const stride = new Float64Array(size).fill(1);
  const floor = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const typical = new Float64Array(size);
  pull.fill(PULLS.link, LINK, ACCESS).fill(PULLS.access, ACCESS, LEG).fill(PULLS.leg, LEG, PAIR);
  pull.fill(PULLS.pair, PAIR, OFFSET).fill(PULLS.base, BASE, DIRECT).fill(PULLS.direct, DIRECT, LINK);
  stride.fill(MS_STRIDE, BASE, DIRECT).fill(MS_STRIDE, ACCESS, LEG).fill(MS_STRIDE, OFFSET);
  // No cost is negative, and no link or leg is shorter than its great circle: both logarithm and cost stop at 0.
  floor.fill(0, BASE, DIRECT).fill(0, LINK, PAIR);
  typical[BASE] = factors.baseMs;
  typical[DIRECT] = Math.log(factors.direct);
  typical.set(factors.linkInflation.map(Math.log), LINK);
  typical.set(factors.accessMs, ACCESS);
  typical.set(factors.legInflation.map(Math.log), LEG);
  return { values: typical.slice(), typical, pull, stride, floor };
}

export function factorsOf({ values }: Parameters): Factors {
  const all = SUBREGIONS.keys().toArray();
  return {
    baseMs: values[BASE] ?? 0,
    direct: Math.exp(values[DIRECT] ?? 0),
    linkInflation: Array.from(values.subarray(LINK, ACCESS), Math.exp),
    accessMs: Array.from(values.subarray(ACCESS, LEG)),
    legInflation: Array.from(values.subarray(LEG, PAIR), Math.exp),
    pairFactor: all.flatMap((a) => all.map((b) => Math.exp(values[pairParameter(a, b)] ?? 0))),
  };
}
