import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greatCircleKm } from '../../../src/geo/great-circle.ts';
import { HUBS } from '../../../src/geo/hubs.ts';
import { HUBS_TRIED, siteKm, siteOf } from '../../../src/geo/site.ts';
import { SUBREGIONS } from '../../../src/geo/subregions.ts';

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  country: fc.constantFrom('US', 'JP', 'ZA'),
});

test('a place is joined to the hubs that are nearest, nearest first', () => {
  fc.assert(
    fc.property(place, (at) => {
      const all = HUBS.map((hub) => greatCircleKm(at, hub)).sort((a, b) => a - b);
      const { hubKm, hubs } = siteOf(at);
      expect(hubs).toHaveLength(HUBS_TRIED);
      for (const [rank, km] of hubKm.entries()) {
        expect(km).toBeCloseTo(all[rank] ?? -1, 3);
        expect(km).toBeCloseTo(greatCircleKm(at, HUBS[hubs[rank] ?? -1] ?? at), 3);
      }
    }),
  );
});

test('the distance of two sites is the great circle', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      expect(siteKm(siteOf(a), siteOf(b))).toBeCloseTo(greatCircleKm(a, b), 1);
    }),
  );
});

test('a site knows its subregion', () => {
  expect(SUBREGIONS[siteOf({ latitude: 35.7, longitude: 139.7, country: 'JP' }).subregion]).toBe('korea-japan');
});
