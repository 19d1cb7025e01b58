import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figuresOf } from '../../../bench/latency/figures.ts';
import { HELD_OUT_FACTORS } from '../../../bench/latency/held-out-factors.ts';
import { readMeasurements } from '../../../bench/latency/measurements.ts';
import { modelOf } from '../../../bench/latency/report.ts';
import { foldsOf } from '../../../bench/latency/split.ts';
import type { Place } from '../../../src/config/topology.ts';
import { countryPoints } from '../../../src/geo/country-points.ts';
import { estimateRttMs, expectedRttMs } from '../../../src/geo/estimate.ts';
import { readFactors } from '../../../src/geo/factors.ts';
import { greatCircleKm } from '../../../src/geo/great-circle.ts';

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  country: fc.constantFrom('', 'US', 'CA', 'BR', 'GB', 'DE', 'RU', 'ZA', 'NG', 'IN', 'CN', 'JP', 'AU', 'FJ', 'ZZ'),
});

describe('laws', () => {
  test('the way back takes as long as the way there', () => {
    fc.assert(fc.property(place, place, (a, b) => estimateRttMs(a, b) === estimateRttMs(b, a)));
  });

  test('an estimate is finite, and not faster than light in fibre', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const ms = estimateRttMs(a, b);
        expect(Number.isFinite(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(greatCircleKm(a, b) / 100 - 1e-3);
        expect(ms).toBeLessThan(1500);
      }),
    );
  });

  test('to the place itself it is a few milliseconds', () => {
    fc.assert(fc.property(place, (a) => estimateRttMs(a, { ...a }) < 12));
  });

  test('an expectation is the weighted mean', () => {
    const to = { latitude: 39, longitude: -77.5, country: 'US' };
    const [near, far] = [
      { latitude: 40.7, longitude: -74, country: 'US' },
      { latitude: 34.1, longitude: -118.2, country: 'US' },
    ];
    const points = [
      { ...near, weight: 0.75 },
      { ...far, weight: 0.25 },
    ];
    expect(expectedRttMs(points, to)).toBeCloseTo(0.75 * estimateRttMs(near, to) + 0.25 * estimateRttMs(far, to), 9);
  });
});

describe('what everybody knows of the network', () => {
  const city = (latitude: number, longitude: number, country: string): Place => ({ latitude, longitude, country });
  const [london, newYork, sydney] = [city(51.5, -0.1, 'GB'), city(40.7, -74, 'US'), city(-33.9, 151.2, 'AU')];
  const [singapore, capeTown, saoPaulo] = [city(1.3, 103.8, 'SG'), city(-33.9, 18.4, 'ZA'), city(-23.5, -46.6, 'BR')];

  test.each([
    ['London to New York', london, newYork, 65, 90],
    ['London to Sydney', london, sydney, 230, 310],
    ['London to Singapore', london, singapore, 145, 200],
    ['Cape Town to São Paulo, which no direct line is used for', capeTown, saoPaulo, 120, 380],
    ['New York to São Paulo', newYork, saoPaulo, 105, 150],
  ])('%s', (_, from, to, atLeast, atMost) => {
    expect(estimateRttMs(from, to)).toBeGreaterThan(atLeast);
    expect(estimateRttMs(from, to)).toBeLessThan(atMost);
  });

  test('a client somewhere in Australia is nearer to Singapore than to London', () => {
    const australia = countryPoints('AU') ?? [];
    expect(expectedRttMs(australia, singapore)).toBeLessThan(expectedRttMs(australia, london) / 1.5);
  });
});

describe('accuracy on measured round trips between cloud regions', () => {
  const pairs = readMeasurements(fileURLToPath(new URL('../../../bench/latency/data', import.meta.url)));
  const folds = foldsOf(pairs);

  test('of what ships', () => {
    expect(pairs).toHaveLength(1205);
    const figures = figuresOf(pairs, ({ a, b }) => estimateRttMs(a, b));
    expect(figures.medianErrorMs).toBeLessThan(7.5);
    expect(figures.within35).toBeGreaterThan(0.97);
    expect(figures.spearman).toBeGreaterThan(0.98);
    expect(figures.nearest).toBeGreaterThan(0.91);
  });

  test('of a fit that did not see the cities: the goals', () => {
    const unseen = pairs.filter(({ a, b }) => folds.get(a) === 0 || folds.get(b) === 0);
    const figures = figuresOf(unseen, modelOf(readFactors(HELD_OUT_FACTORS)));
    expect(figures.pairs).toBeGreaterThan(300);
    expect(figures.medianErrorMs).toBeLessThanOrEqual(10);
    expect(figures.within35).toBeGreaterThanOrEqual(0.9);
    expect(figures.spearman).toBeGreaterThanOrEqual(0.95);
    expect(figures.nearest).toBeGreaterThanOrEqual(0.89);
  });
});
