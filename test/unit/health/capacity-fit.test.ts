import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctedFit, FIT_MAX, FIT_MIN, nextFit, nextProven, unheardFit } from '../../../src/health/capacity-fit.ts';

const MANY = 10_000;
/** What a look is but for what a test says: a second after the last one, at an endpoint of nine servers that nobody else sends to. */
const LOOK = {
  doubt: 0,
  usualDoubt: 0,
  requests: MANY,
  proven: 0,
  capacity: 18,
  others: 0,
  seconds: 1,
  memorySeconds: 1,
};

describe('one look', () => {
  test.each([
    ['requests wait: it is less than was thought', 1, { load: 0.8, waits: 0.5, requests: MANY }, 0.925],
    ['they wait a little: nothing is known', 1, { load: 0.8, waits: 0.15, requests: MANY }, 1],
    ['few say that they wait: nothing is known', 1, { load: 0.8, waits: 0.5, requests: 30 }, 1],
    [
      'they may only seem to wait, for their way is not well known',
      1,
      { load: 0.8, waits: 0.5, doubt: 0.35, requests: MANY },
      1,
    ],
    [
      'they wait beyond any doubt: it is less by what is beyond',
      1,
      { load: 0.8, waits: 0.9, doubt: 0.4, requests: MANY },
      0.925,
    ],
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
    expect(correctedFit(fit, { ...LOOK, ...look })).toBeCloseTo(next, 6);
  });

  test.each([
    ['what was proven a while ago is given back quickly', 0.1, 1, 0.12],
    ['but not all of it', 0.68, 1, 0.714],
    ['and from there on as slowly as ever', 0.8, 1, 0.84],
    ['what was never proven is found slowly', 0.1, 0, 0.105],
  ])('%s', (_, fit, proven, next) => {
    expect(correctedFit(fit, { ...LOOK, load: fit, waits: 0, proven })).toBeCloseTo(next, 6);
  });

  test('proven is what was well used while nobody waited, and half of it is forgotten in a minute', () => {
    const used = { ...LOOK, load: 0.5, waits: 0 };
    expect(nextProven(1, used)).toBe(1);
    expect(nextProven(1, { ...used, waits: 0.5 })).toBe(0);
    expect(nextProven(1, { ...used, load: 0.3 })).toBe(0);
    let proven = 1;
    for (let look = 0; look < 60; look += 1) proven = nextProven(0.1, { ...LOOK, load: 0.1, waits: 1, proven });
    expect(proven).toBeCloseTo(0.5, 2);
  });

  test.each([
    ['where requests wait', { load: 0.8, waits: 0.5 }],
    ['where nobody does', { load: 0.5, waits: 0 }],
    ['where hardly anybody is', { load: 0.1, waits: 0 }],
    ['where something was proven', { load: 0.2, waits: 0, proven: 1 }],
  ])('four looks a second say in sum what one does, %s', (_, look) => {
    let fit = 0.3;
    for (let quarter = 0; quarter < 4; quarter += 1)
      fit = correctedFit(fit, { ...LOOK, ...look, load: look.load * fit, seconds: 0.25 });
    expect(fit).toBeCloseTo(correctedFit(0.3, { ...LOOK, ...look, load: look.load * 0.3 }), 6);
    expect(unheardFit(unheardFit(0.3, 0.5), 0.5)).toBeCloseTo(unheardFit(0.3, 1), 9);
  });

  test('unheard of, it comes back faster', () => {
    expect(unheardFit(0.25, 1)).toBeCloseTo(0.25 ** 0.98);
    expect(unheardFit(1, 1)).toBe(1);
  });
});

test('it stays within its bounds, whatever is seen', () => {
  const amount = fc.double({ min: 0, max: 100, noNaN: true });
  const look = fc.record({
    load: amount,
    waits: amount,
    doubt: amount,
    usualDoubt: amount,
    requests: fc.integer({ min: 1, max: 1e6 }),
    proven: amount,
    capacity: fc.integer({ min: 1, max: 1e6 }),
    others: fc.double({ min: 0, max: 1, noNaN: true }),
    seconds: fc.double({ min: 0, max: 1, noNaN: true }),
    memorySeconds: fc.double({ min: 0.5, max: 2, noNaN: true }),
  });
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

test('after a rush it is back within eleven seconds, where finding it anew takes four times as long', () => {
  const looksFrom = (proven: number) => {
    let [fit, looks] = [0.1, 0];
    for (; fit < 0.7; looks += 1) fit = correctedFit(fit, { ...LOOK, load: fit * 0.6, waits: 0, proven });
    return looks;
  };
  expect(looksFrom(1)).toBeLessThanOrEqual(11);
  expect(looksFrom(0)).toBeGreaterThan(35);
});

/** An endpoint of `servers` that gets what makes `load` over its corrected capacity, and waits as a queue does. */
test.each([0.25, 0.5, 1, 2, 10])('a capacity that is wrong by %d is found out within two minutes', (wrong) => {
  const servers = 50;
  const declared = 2 * servers * wrong;
  let fit = 1;
  for (let look = 0; look < 120; look += 1) {
    const inFlight = 0.55 * declared * fit;
    const waits = Math.max(0, inFlight / servers - 1);
    fit = nextFit(fit, { ...LOOK, load: inFlight / declared, waits, capacity: declared });
  }
  const inFlight = 0.55 * declared * fit;
  expect(inFlight / servers).toBeGreaterThan(0.9);
  expect(inFlight / servers).toBeLessThan(1.3);
});

test('two edges that wait equally long come to see the same load, and whoever is far gives up what it has', () => {
  const fits: [number, number] = [1, 1];
  // Of one endpoint the near edge has a little and the far one much, in a capacity that both take for the declared one.
  for (let look = 0; look < 60; look += 1) {
    fits[0] = nextFit(fits[0], { ...LOOK, load: 0.9 * fits[0] ** 0.5, waits: 0.15 });
    fits[1] = nextFit(fits[1], { ...LOOK, load: 0.3 * fits[1] ** 0.5, waits: 0.15 });
  }
  const [near, far] = [0.9 * fits[0] ** -0.5, 0.3 * fits[1] ** -0.5];
  expect(near / far).toBeCloseTo(1, 0);
  expect(fits[0]).toBeGreaterThan(5 * fits[1]);
});
