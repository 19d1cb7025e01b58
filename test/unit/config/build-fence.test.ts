import { expect, test } from 'vitest';
import { buildFences, onlyOf } from '../../../src/config/build-fence.ts';
import { COUNTRY_GROUPS, countriesOfContinent } from '../../../src/config/countries.ts';

test('without the block there are no fences', () => {
  expect(buildFences(undefined)).toEqual([]);
});

test('words and continents are spelled out: those of the clients add up', () => {
  const [fence] = buildFences([
    { when: { countries: ['EU', 'CH'], continents: ['antarctica'] }, only: { clouds: ['aws'] } },
  ]);
  expect(fence?.when?.countries).toEqual([...COUNTRY_GROUPS.EU, 'CH', ...countriesOfContinent.antarctica]);
  expect(fence).toMatchObject({ unknown: 'inside', otherwise: 451, only: { clouds: ['aws'] } });
});

test('those of the endpoints must all hold', () => {
  expect(onlyOf({ countries: ['EU'], continents: ['south-america'] }).countries).toEqual(['GF']);
  expect(onlyOf({ continents: ['antarctica'] }).countries).toEqual(countriesOfContinent.antarctica);
  expect(onlyOf({ countries: ['DE'] }).countries).toEqual(['DE']);
  expect(onlyOf({ clouds: ['aws'] }).countries).toBeUndefined();
});

test('without when it is for everybody', () => {
  const [fence] = buildFences([{ only: { clouds: ['aws'] }, otherwise: 503, unknown: 'outside' }]);
  expect(fence).toMatchObject({ when: undefined, otherwise: 503, unknown: 'outside' });
});
