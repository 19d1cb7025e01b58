import type { Pair } from './measurements.ts';

export type Estimate = (pair: Pair) => number;

export type Figures = {
  readonly pairs: number;
  readonly medianErrorMs: number;
  /** Of pairs whose estimate is within 35 % of what was measured, 0 to 1. */
  readonly within35: number;
  /** Rank correlation, -1 to 1. */
  readonly spearman: number;
  /** Of draws, 0 to 1; see nearestOfFive. Undefined where no node has five measured cloud regions. */
  readonly nearest: number | undefined;
};

export function figuresOf(pairs: readonly Pair[], estimate: Estimate): Figures {
  const errors = pairs.map((pair) => Math.abs(estimate(pair) - pair.ms));
  return {
    pairs: pairs.length,
    medianErrorMs: median(errors),
    within35: errors.filter((error, index) => error <= 0.35 * (pairs[index]?.ms ?? 0)).length / pairs.length,
    spearman: spearman(
      pairs.map((pair) => pair.ms),
      pairs.map(estimate),
    ),
    nearest: nearestOfFive(pairs, estimate),
  };
}

/** Draws of five per client node: enough that the share is steady to a few tenths of a percent. */
const DRAWS = 100;

/**
 * A client is a cloud region; its candidates are all regions that the same source measured a round trip to. Five different
 * candidates are drawn, 100 times for every client with at least five; a draw is right when the one with the smallest
 * estimate has the smallest measured round trip (equal measurements are equally right; one that is nearly as near is
 * wrong). The share of right draws over all clients. The draws come from a fixed seed.
 */
export function nearestOfFive(pairs: readonly Pair[], estimate: Estimate): number | undefined {
  const candidates = new Map<string, Pair[]>();
  for (const pair of pairs.filter(({ cloud }) => cloud)) {
    for (const { name } of [pair.a, pair.b]) {
      const key = `${pair.source} ${name}`;
      candidates.set(key, [...(candidates.get(key) ?? []), pair]);
    }
  }
  const draw = drawFrom(20200719);
  const outcomes = [...candidates.values()]
    .filter((all) => all.length >= 5)
    .flatMap((all) => Array.from({ length: DRAWS }, () => choosesRight(fiveOf(all, draw), estimate)));
  return outcomes.length === 0 ? undefined : outcomes.filter(Boolean).length / outcomes.length;
}

function choosesRight(five: readonly Pair[], estimate: Estimate): boolean {
  const chosen = five.reduce((best, pair) => (estimate(pair) < estimate(best) ? pair : best));
  return chosen.ms === Math.min(...five.map(({ ms }) => ms));
}

function fiveOf(all: readonly Pair[], draw: () => number): Pair[] {
  const five = new Set<Pair>();
  while (five.size < 5) {
    const pair = all[Math.floor(draw() * all.length)];
    if (pair !== undefined) five.add(pair);
  }
  return [...five];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [product, squaresX, squaresY] = [0, 0, 0];
  for (const [index, rank] of x.entries()) {
    const [dx, dy] = [rank - middle, (y[index] ?? 0) - middle];
    product += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  return product / Math.sqrt(squaresX * squaresY);
}

/** The place of every value in order; equal values share the mean of their places. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Array<number>(values.length).fill(0);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let at = from; at < to; at += 1) result[order[at] ?? 0] = (from + to - 1) / 2;
  }
  return result;
}

/** Uniform numbers from 0 to 1 (mulberry32), so that two runs draw the same. */
function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
