import { expect, test } from 'vitest';
import { COUNTRY_CELLS, countryCell, countryOf, UNKNOWN_COUNTRY } from '../../../src/table/country-cells.ts';

test('every pair of letters has a cell of its own, and its name back', () => {
  const names = Array.from({ length: COUNTRY_CELLS }, (_, cell) => countryOf(cell));
  expect(new Set(names).size).toBe(COUNTRY_CELLS);
  expect(names.map(countryCell)).toEqual(names.map((_, cell) => cell));
  expect([countryOf(0), countryOf(UNKNOWN_COUNTRY - 1), countryOf(UNKNOWN_COUNTRY)]).toEqual(['AA', 'ZZ', '']);
});

test.each(['', 'D', 'DEU', 'de', 'D1', '\u{1f1e9}'])('%j is no country', (text) => {
  expect(countryCell(text)).toBe(UNKNOWN_COUNTRY);
});
