import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldBackMs, RAMP_START, rampedShare } from '../../../src/resilience/ramp.ts';

test.each([
  [0, 30_000, 0],
  [RAMP_START, 30_000, 0],
  [0.51, 30_000, 15_000],
  [1, 30_000, 30_000],
  [0.99, 0, 0],
])('a request that drew %d, with a ramp of %d ms, considers who has been back for %d ms', (draw, rampMs, ms) => {
  expect(heldBackMs(draw, rampMs)).toBeCloseTo(ms);
});

test('without a ramp an endpoint is considered for everything at once', () => {
  expect(rampedShare(0, 0)).toBe(1);
});

test('over all draws the share rises straight from a fiftieth to all', () => {
  const draws = Array.from({ length: 1000 }, (_, i) => i / 1000);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_000 }), fc.double({ min: 0, max: 2, noNaN: true }), (rampMs, part) => {
      const considered = draws.filter((draw) => part * rampMs >= heldBackMs(draw, rampMs)).length / draws.length;
      expect(considered).toBeCloseTo(Math.min(1, RAMP_START + (1 - RAMP_START) * part), 2);
      expect(considered).toBeCloseTo(rampedShare(part * rampMs, rampMs), 2);
    }),
  );
});
