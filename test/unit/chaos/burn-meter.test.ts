import { expect, test } from 'vitest';
import { BurnMeter, READINGS_MAX } from '../../../src/chaos/burn-meter.ts';

const OBJECTIVE = 0.99;

function meterOf(...readings: readonly [nowMs: number, all: number, bad: number][]): BurnMeter {
  const meter = new BurnMeter();
  for (const [nowMs, all, bad] of readings) meter.read('shop', { all, bad }, { nowMs, windowMs: 10_000 });
  return meter;
}

test.each<[string, readonly [number, number, number][], number, number]>([
  ['nothing read', [], 0, 0],
  ['one reading', [[0, 100, 50]], 0, 0],
  [
    'no requests',
    [
      [0, 100, 50],
      [500, 100, 50],
    ],
    0,
    0,
  ],
  [
    'a share of 1 % bad is the budget itself',
    [
      [0, 100, 50],
      [500, 200, 51],
    ],
    1,
    1,
  ],
  [
    'all bad',
    [
      [0, 0, 0],
      [500, 10, 10],
    ],
    100,
    10,
  ],
  [
    'what was before the window is left out',
    [
      [0, 0, 0],
      [1000, 100, 100],
      [11_500, 200, 100],
    ],
    0,
    0,
  ],
  [
    'counters that began anew',
    [
      [0, 100, 100],
      [500, 10, 0],
      [1000, 20, 1],
    ],
    10,
    1,
  ],
  [
    'a clock that stood still',
    [
      [500, 0, 0],
      [500, 10, 1],
    ],
    10,
    1,
  ],
])('%s', (_, readings, burnRate, errors) => {
  const burn = meterOf(...readings).burn('shop', OBJECTIVE);
  expect(burn.burnRate).toBeCloseTo(burnRate, 6);
  expect(burn.errors).toBe(errors);
});

test('services are apart, and forgotten when they are gone', () => {
  const meter = meterOf([0, 0, 0], [500, 10, 10]);
  expect(meter.burn('web', OBJECTIVE).errors).toBe(0);
  meter.keepOnly(['web']);
  expect(meter.burn('shop', OBJECTIVE).errors).toBe(0);
});

test('however often it is read, it keeps a bounded number', () => {
  const meter = new BurnMeter();
  for (let i = 0; i <= 2 * READINGS_MAX; i += 1) {
    meter.read('shop', { all: i, bad: i }, { nowMs: i, windowMs: 1e9 });
  }
  expect(meter.burn('shop', OBJECTIVE).errors).toBe(READINGS_MAX - 1);
});
