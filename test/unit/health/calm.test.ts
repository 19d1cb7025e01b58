import { expect, test } from 'vitest';
import { CALM_AFTER_MS, Calm } from '../../../src/health/calm.ts';

const ROW = 3;

/** Looks once a second, from `fromS` to `toS`, at an endpoint that is learned to be what `fitOf` says. Returns what comes of the last. */
function look(calm: Calm, isWell: boolean, [fromS, toS]: readonly [number, number], fitOf: (fit: number) => number) {
  let fit = 1;
  for (let second = fromS; second < toS; second += 1) {
    calm.look(isWell, second * 1000, 1);
    fit = calm.settled(ROW, fitOf(fit), second * 1000);
  }
  return fit;
}

const always = (fit: number) => () => fit;

test('what was usual before an endpoint was lost is given back a fifth a second, once all are well', () => {
  const calm = new Calm();
  expect(look(calm, true, [0, 10], always(0.8))).toBe(0.8);
  expect(look(calm, false, [10, 40], always(0.1))).toBe(0.1);
  let fit = 0.1;
  const back = Array.from({ length: 12 }, (_, i) => (fit = look(calm, true, [40 + i, 41 + i], always(fit))));
  expect(back.slice(0, 2)).toEqual([0.12, expect.closeTo(0.144, 6)]);
  expect(back.at(-1)).toBe(0.8);
});

test('as much of it in a second, however often it is looked at', () => {
  const calm = new Calm();
  look(calm, true, [0, 10], always(1));
  look(calm, false, [10, 12], always(0.1));
  let fit = 0.1;
  for (let quarter = 0; quarter < 4; quarter += 1) {
    calm.look(true, 12_000 + quarter * 250, 0.25);
    fit = calm.settled(ROW, fit, 12_000 + quarter * 250);
  }
  expect(fit).toBeCloseTo(0.12, 6);
});

test('what was learned to be more stays', () => {
  const calm = new Calm();
  look(calm, true, [0, 10], always(0.5));
  look(calm, false, [10, 40], always(0.9));
  expect(look(calm, true, [40, 45], always(0.9))).toBe(0.9);
});

test('after a while of calm, what is then is what is usual', () => {
  const calm = new Calm();
  look(calm, true, [0, 10], always(1));
  look(calm, false, [10, 20], always(0.2));
  const calmS = 20 + CALM_AFTER_MS / 1000;
  // Waiting goes on keeping it down: something else has changed.
  look(calm, true, [20, calmS + 1], always(0.3));
  look(calm, false, [calmS + 1, calmS + 5], always(0.1));
  expect(look(calm, true, [calmS + 5, calmS + 6], always(0.29))).toBe(0.3);
});

test('one that came during the trouble has nothing to be given back, and one that is gone is forgotten', () => {
  const calm = new Calm();
  look(calm, false, [0, 5], always(0.2));
  expect(look(calm, true, [5, 6], always(0.2))).toBe(0.2);
  look(calm, true, [6, 60], always(0.7));
  calm.keep(new Set());
  look(calm, false, [60, 65], always(0.2));
  expect(look(calm, true, [65, 66], always(0.2))).toBe(0.2);
});
