import { expect, test } from 'vitest';
import { countryPoints } from '../../../src/geo/country-points.ts';
import { clientRegionOf, SUBREGIONS, subregionOf } from '../../../src/geo/subregions.ts';
import { CLIENT_REGIONS } from '../../../src/table/assigned-cells.ts';

test.each([
  [{ latitude: 40.7, longitude: -74, country: 'US' }, 'us-east'],
  [{ latitude: 37.4, longitude: -122, country: 'US' }, 'us-west'],
  [{ latitude: 43.7, longitude: -79.4, country: 'CA' }, 'canada-east'],
  [{ latitude: 51, longitude: -114.1, country: 'CA' }, 'canada-west'],
  [{ latitude: 55.8, longitude: 37.6, country: 'RU' }, 'russia'],
  [{ latitude: 55, longitude: 82.9, country: 'RU' }, 'siberia'],
  [{ latitude: -23.5, longitude: -46.6, country: 'BR' }, 'brazil'],
  [{ latitude: 1.3, longitude: 103.8, country: 'SG' }, 'south-east-asia'],
])('%o is in %s', (place, subregion) => {
  expect(subregionOf(place)).toBe(subregion);
});

test.each(['', 'ZZ'])('without a known country (%o), the nearest country counts', (country) => {
  expect(subregionOf({ latitude: 48.9, longitude: 2.3, country })).toBe('western-europe');
  expect(subregionOf({ latitude: -36.8, longitude: 174.8, country })).toBe('oceania');
});

test('every country that has points is a member of a subregion by name, not by being near one', () => {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const countries = letters
    .flatMap((a) => letters.map((b) => a + b))
    .filter((code) => countryPoints(code) !== undefined);
  // At the pole every unnamed country would be its nearest one: Svalbard, in the Nordics.
  const atPole = countries.filter((country) => subregionOf({ latitude: 90, longitude: 0, country }) === 'nordics');
  expect(atPole).toEqual(['AX', 'DK', 'FI', 'FO', 'IS', 'NO', 'SE', 'SJ']);
});

test('a subregion is named once', () => {
  expect(new Set(SUBREGIONS).size).toBe(SUBREGIONS.length);
});

test('clients are of the region of their first point, and the table has a cell for each and for the edge itself', () => {
  const nowhere = { latitude: 90, longitude: 0, weight: 0 };
  const regions = SUBREGIONS.length + 1;
  expect(regions).toBe(CLIENT_REGIONS);
  expect(clientRegionOf([])).toBe(0);
  const first = { latitude: 40.7, longitude: -74, country: 'US' };
  expect(clientRegionOf([first, { ...nowhere, country: 'BR' }])).toBe(1 + SUBREGIONS.indexOf('us-east'));
});
