import { expect, test } from 'vitest';
import { CLOUD_REGIONS } from '../../../src/config/cloud-regions.ts';
import {
  CONTINENTS,
  COUNTRIES,
  COUNTRY_GROUPS,
  countriesOfContinent,
  spelledOut,
} from '../../../src/config/countries.ts';
import { countryPoints } from '../../../src/geo/country-points.ts';

test('every country is on one continent, and the geo room knows the same ones', () => {
  const members = CONTINENTS.flatMap((continent) => countriesOfContinent[continent]);
  expect(new Set(members).size).toBe(members.length);
  expect(COUNTRIES).toHaveLength(250);
  const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
  const located = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => countryPoints(code) !== undefined);
  expect(located.filter((code) => !COUNTRIES.includes(code))).toEqual([]);
});

test('every region of a cloud is in a country that fences can name', () => {
  expect(CLOUD_REGIONS.filter(({ place }) => !COUNTRIES.includes(place.country))).toEqual([]);
});

test('the EU has 27 members and seven of their territories with a code; the EEA three more members', () => {
  const { EU, EEA } = COUNTRY_GROUPS;
  const territories = ['AX', 'GF', 'GP', 'MF', 'MQ', 'RE', 'YT'];
  expect(EU).toHaveLength(27 + territories.length);
  expect(territories.filter((code) => !EU.includes(code))).toEqual([]);
  expect(EEA.filter((code) => !EU.includes(code)).toSorted()).toEqual(['IS', 'LI', 'NO']);
  expect(['GB', 'CH', 'TR', 'SJ', 'GL', 'FO'].filter((code) => EEA.includes(code))).toEqual([]);
  expect(EEA.filter((code) => !COUNTRIES.includes(code))).toEqual([]);
});

test('words are spelled out, each country once', () => {
  expect(spelledOut(['EU', 'DE', 'CH'])).toEqual([...COUNTRY_GROUPS.EU, 'CH']);
});
