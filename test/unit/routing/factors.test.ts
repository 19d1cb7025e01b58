import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIORITIES } from '../../../src/config/priorities.ts';
import type { Weights } from '../../../src/config/topology.ts';
import {
  capacityFactor,
  diversityFactor,
  diversityReachMs,
  drawWeight,
  latencyFactor,
} from '../../../src/routing/factors.ts';

const ms = fc.double({ min: 0, max: 1e6, noNaN: true });

test.each([
  [0, 1],
  [10, 0.95],
  [50, 0.75],
  [100, 0.5],
  [200, 0],
  [1000, 0],
])('linear: %d ms is %d', (distance, factor) => {
  expect(latencyFactor(distance, 'linear')).toBeCloseTo(factor);
});

test.each([
  [0, 1],
  [10, 1],
  [30, 0.8],
  [50, 0.6],
  [75, 0.5],
  [100, 0.4],
  [150, 0.3],
  [200, 0.2],
  [400, 0.1],
])('decay: %d ms is %d', (distance, factor) => {
  expect(latencyFactor(distance, 'decay')).toBeCloseTo(factor);
});

describe.each(['linear', 'decay'] as const)('the %s curve', (curve) => {
  test('stays between 0 and 1 and never rises', () => {
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [near, far] = [latencyFactor(Math.min(a, b), curve), latencyFactor(Math.max(a, b), curve)];
        expect(near).toBeLessThanOrEqual(1);
        expect(near).toBeGreaterThanOrEqual(far);
        expect(far).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('makes no jumps', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 500, noNaN: true }), (distance) => {
        expect(latencyFactor(distance, curve) - latencyFactor(distance + 0.01, curve)).toBeLessThan(2e-4);
      }),
    );
  });
});

test('on the decay curve the farther of two is always the worse one, however far', () => {
  expect(latencyFactor(5000, 'decay')).toBeGreaterThan(latencyFactor(5001, 'decay'));
});

test.each([
  [0, 100, 1],
  [25, 100, 0.75],
  [100, 100, 0],
  [250, 100, -1.5],
  [0, 1, 1],
])('capacity: %d of %d is %d', (inFlight, capacity, factor) => {
  expect(capacityFactor(inFlight, capacity)).toBeCloseTo(factor);
});

test('capacity is at most 1 and falls with every request, also beyond what an endpoint is built for', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer({ min: 1, max: 1000 }), (inFlight, capacity) => {
      const [now, next] = [capacityFactor(inFlight, capacity), capacityFactor(inFlight + 1, capacity)];
      expect(now).toBeLessThanOrEqual(1);
      expect(next).toBeLessThan(now);
    }),
  );
});

test.each([
  ['latency', PRIORITIES['latency'], 1],
  ['balanced', PRIORITIES['balanced'], 5],
  ['reliability', PRIORITIES['reliability'], 20],
  ['latency without a weight', { latency: 0, capacity: 0.4, health: 0.4, diversity: 0.2 }, 20],
  ['diversity without a weight', { latency: 0, capacity: 0.5, health: 0.5, diversity: 0 }, 0],
])('what diversity may cost: %s', (_, weights, ms) => {
  expect(diversityReachMs(weights as Weights)).toBeCloseTo(ms);
});

test('diversity is what others had', () => {
  expect([0, 0.25, 1].map(diversityFactor)).toEqual([1, 0.75, 0]);
});

test('a draw weighs 1 / (ms + 1)', () => {
  expect([0, 1, 99].map(drawWeight)).toEqual([1, 0.5, 0.01]);
});
