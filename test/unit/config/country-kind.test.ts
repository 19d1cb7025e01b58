import { expect, test } from 'vitest';
import { continent, country, countryOrGroup } from '../../../src/config/country-kind.ts';

const messageOf = (read: ReturnType<typeof country.read>) => (read.ok ? read.value : read.faults[0]?.message);

test.each([
  ['DE', 'DE', 'DE'],
  ['EU', 'must be a country by its ISO 3166-1 code such as DE; it is "EU"', 'EU'],
  ['EEA', 'must be a country by its ISO 3166-1 code such as DE; it is "EEA"', 'EEA'],
])('%s', (given, one, either) => {
  expect([messageOf(country.read(given)), messageOf(countryOrGroup.read(given))]).toEqual([one, either]);
});

test.each([
  ['de', '; did you mean "DE"?'],
  ['UK', '; did you mean "GB"?'],
  ['eu', '; did you mean "EU"?'],
  [false, '; for Norway write "NO" in quotes'],
  ['QQ', 'it is "QQ"'],
  [49, 'it is the number 49'],
])('%s gets advice', (given, advice) => {
  expect(messageOf(countryOrGroup.read(given))?.endsWith(advice)).toBe(true);
});

test.each([
  ['europe', 'europe'],
  ['EU', 'the continent is europe, and the European Union goes under countries'],
  ['Europe', 'did you mean "europe"?'],
])('the continent %s', (given, expected) => {
  const read = continent.read(given);
  expect(read.ok ? read.value : read.faults[0]?.message).toContain(expected);
});
