import { expect, test } from 'vitest';
import { countryPoints, nearestCountry } from '../../../src/geo/country-points.ts';

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
const COUNTRIES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(
  (code) => countryPoints(code) !== undefined,
);

test('all 249 countries of ISO 3166-1, and Kosovo, have points', () => {
  expect(COUNTRIES).toHaveLength(250);
  // The display names know what is a country today; these few extra codes are reserved, not assigned.
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(COUNTRIES.filter((code) => names.of(code) === undefined)).toEqual([]);
});

test.each(COUNTRIES)('the shares of %s sum to 1 and its points are on the globe', (country) => {
  const points = countryPoints(country) ?? [];
  expect(points.length).toBeGreaterThan(0);
  expect(points.length).toBeLessThanOrEqual(8);
  expect(points.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  for (const point of points) {
    expect(Math.abs(point.latitude)).toBeLessThanOrEqual(90);
    expect(Math.abs(point.longitude)).toBeLessThanOrEqual(180);
    expect(point.weight).toBeGreaterThan(0);
    expect(point.country).toBe(country);
  }
});

test.each(['US', 'CA', 'BR', 'RU', 'CN', 'IN', 'AU', 'ID', 'MX', 'AR'])('%s is too wide for one point', (country) => {
  expect(countryPoints(country)?.length).toBeGreaterThanOrEqual(3);
});

test('what is no country has no points', () => {
  expect(['', 'ZZ', 'us', 'EU', 'USA'].map(countryPoints)).toEqual(Array(5).fill(undefined));
});

test.each([
  [48.9, 2.3, 'FR'],
  [-33, 151, 'AU'],
  [40, -74, 'US'],
])('%d, %d is nearest to %s', (latitude, longitude, country) => {
  expect(nearestCountry({ latitude, longitude })).toBe(country);
});
