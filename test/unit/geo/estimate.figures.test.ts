import { describe, expect, test } from 'vitest';
import { figuresOf, nearestOfFive } from '../../../bench/latency/figures.ts';
import type { Node, Pair } from '../../../bench/latency/measurements.ts';
import { CITY_KM, FOLDS, foldsOf } from '../../../bench/latency/split.ts';
import { siteOf } from '../../../src/geo/site.ts';

/** A node that many kilometres east of where the Greenwich meridian meets the equator. */
function nodeAt(km: number, name = `n${km}`): Node {
  const place = { latitude: 0, longitude: km / 111.2, country: 'ST' };
  return { ...place, name, site: siteOf(place) };
}

function pairOf(a: Node, b: Node, ms: number): Pair {
  return { a, b, ms, km: 0, source: 'test', cloud: true };
}

const pairs = [10, 20, 30, 40, 50].map((ms) => pairOf(nodeAt(0), nodeAt(ms * 100), ms));

describe('figures', () => {
  test('of exact estimates', () => {
    expect(figuresOf(pairs, ({ ms }) => ms)).toEqual({
      pairs: 5,
      medianErrorMs: 0,
      within35: 1,
      spearman: 1,
      nearest: 1,
    });
  });

  test('of estimates in the opposite order', () => {
    const figures = figuresOf(pairs, ({ ms }) => 60 - ms);
    expect(figures.spearman).toBeCloseTo(-1, 12);
    expect(figures.nearest).toBe(0);
    expect(figures.medianErrorMs).toBe(20);
    expect(figures.within35).toBe(0.2);
  });

  test('35 % off is within, a little more is not', () => {
    expect(figuresOf(pairs, ({ ms }) => ms * 1.349).within35).toBe(1);
    expect(figuresOf(pairs, ({ ms }) => ms * 1.351).within35).toBe(0);
  });

  test('estimates that are all the same rank nothing', () => {
    expect(figuresOf(pairs, () => 30).spearman).toBeNaN();
  });
});

describe('nearest of five', () => {
  test('needs five candidates of one client', () => {
    expect(nearestOfFive(pairs.slice(1), ({ ms }) => ms)).toBeUndefined();
  });

  test('counts draws, not clients', () => {
    const client = nodeAt(0);
    // The best two of six are swapped: a draw is wrong when it holds both, which 4 of 6 sets of five do.
    const six = [10, 20, 30, 40, 50, 60].map((ms) => pairOf(client, nodeAt(ms * 100), ms));
    const share = nearestOfFive(six, ({ ms }) => (ms === 20 ? 5 : ms)) ?? -1;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.55);
  });
});

describe('what is held back', () => {
  test('neighbours, and their neighbours, are held back together', () => {
    const chain = [0, CITY_KM * 0.9, CITY_KM * 1.8].map((km) => nodeAt(km));
    const folds = foldsOf([...chain, nodeAt(5000)].map((node) => pairOf(node, nodeAt(9000), 1)));
    expect(new Set(chain.map((node) => folds.get(node))).size).toBe(1);
  });

  test('cities are dealt into all folds about evenly, whatever the order of the pairs', () => {
    const nodes = Array.from({ length: 150 }, (_, index) => nodeAt(index * 100));
    const all = nodes.map((node) => pairOf(node, nodeAt(17_000), 1));
    const folds = foldsOf(all);
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const share = nodes.filter((node) => folds.get(node) === fold).length / nodes.length;
      expect(share).toBeGreaterThan(0.1);
      expect(share).toBeLessThan(0.3);
    }
    const again = foldsOf(all.toReversed());
    expect(nodes.every((node) => again.get(node) === folds.get(node))).toBe(true);
  });
});
