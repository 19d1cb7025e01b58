import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sheds } from '../../../src/resilience/shedding.ts';

const BOUNDS = { from: 1, lagMaxMs: 100, fullAt: 3 };
const shed = (load: number, lagMs: number): number[] =>
  [0, 1, 2].filter((rank) => sheds({ rank, of: 3 }, { load, lagMs }, BOUNDS));

describe('who is turned away', () => {
  test.each([
    [0.99, 0, []],
    [1, 0, [0]],
    [1.25, 0, [0, 1]],
    [2.99, 0, [0, 1]],
    [3, 0, [0, 1, 2]],
    [0, 99, []],
    [0, 100, [0]],
    [0, 200, [0, 1]],
    [0, 400, [0, 1, 2]],
    [0, Number.NaN, []],
  ])('at a load of %f and %f ms late: %j', (load, lagMs, ranks) => {
    expect(shed(load, lagMs)).toEqual(ranks);
  });

  test('never one before those that go before it, and never fewer for more load', () => {
    const amount = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: 8 }), (load, lag, of) => {
        const of1 = (rank: number, more: number): boolean =>
          sheds({ rank, of }, { load: load + more, lagMs: lag * 100 + more * 100 }, BOUNDS);
        for (let rank = 0; rank < of; rank += 1) {
          if (rank > 0 && of1(rank, 0)) expect(of1(rank - 1, 0)).toBe(true);
          if (of1(rank, 0)) expect(of1(rank, 1)).toBe(true);
        }
      }),
    );
  });
});
