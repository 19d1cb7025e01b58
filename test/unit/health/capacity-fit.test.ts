import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIT_MAX, FIT_MIN, nextFit, unheardFit } from '../../../src/health/capacity-fit.ts';

const MANY = 10_000;

describe('one look', () => {
  test.each([
    ['requests wait: it is less than was thought', 1, { load: 0.8, waits: 0.5, requests: MANY }, 0.925],
    ['they wait a little: nothing is known', 1, { load: 0.8, waits: 0.15, requests: MANY }, 1],
    ['few say that they wait: nothing is known', 1, { load: 0.8, waits: 0.5, requests: 30 }, 1],
    ['nobody waits although it is well used: it is more', 1, { load: 0.8, waits: 0.01, requests: MANY }, 1.05],
    [
      'nobody waits where hardly anybody is: the declared one comes back',
      0.5,
      { load: 0.1, waits: 0, requests: MANY },
      0.5 ** 0.995,
    ],
    ['far too much: corrected at once, by half at most', 1, { load: 0.2, waits: 3, requests: MANY }, 0.5],
    ['far too much, and near to the truth', 1, { load: 1.8, waits: 3, requests: MANY }, 0.85],
    ['it gets nothing more anyway', 0.25, { load: 0.8, waits: 3, requests: MANY }, 0.25],
  ])('%s', (_, fit, look, next) => {
    expect(nextFit(fit, look)).toBeCloseTo(next, 6);
  });

  test('unheard of, it comes back faster', () => {
    expect(unheardFit(0.25)).toBeCloseTo(0.25 ** 0.98);
    expect(unheardFit(1)).toBe(1);
  });
});

test('it stays within its bounds, whatever is seen', () => {
  const amount = fc.double({ min: 0, max: 100, noNaN: true });
  const look = fc.record({ load: amount, waits: amount, requests: fc.integer({ min: 1, max: 1e6 }) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 200 }), (looks) => {
      let fit = 1;
      for (const one of looks) {
        fit = nextFit(fit, one);
        expect(fit).toBeGreaterThanOrEqual(FIT_MIN);
        expect(fit).toBeLessThanOrEqual(FIT_MAX);
      }
    }),
  );
});

/** An endpoint of `servers` that gets what makes `load` over its corrected capacity, and waits as a queue does. */
test.each([0.25, 0.5, 1, 2, 10])('a capacity that is wrong by %d is found out within two minutes', (wrong) => {
  const servers = 50;
  const declared = 2 * servers * wrong;
  let fit = 1;
  for (let look = 0; look < 120; look += 1) {
    const inFlight = 0.55 * declared * fit;
    fit = nextFit(fit, { load: inFlight / declared, waits: Math.max(0, inFlight / servers - 1), requests: MANY });
  }
  const inFlight = 0.55 * declared * fit;
  expect(inFlight / servers).toBeGreaterThan(0.9);
  expect(inFlight / servers).toBeLessThan(1.3);
});
