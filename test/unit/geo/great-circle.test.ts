import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greatCircleKm } from '../../../src/geo/great-circle.ts';

const point = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

test.each([
  ['London to New York', [51.5074, -0.1278], [40.7128, -74.006], 5570],
  ['Sydney to Santiago, over the date line', [-33.87, 151.21], [-33.45, -70.67], 11_340],
  ['pole to pole', [90, 0], [-90, 0], 20_015],
  ['a place and itself', [51.5, -0.1], [51.5, -0.1], 0],
] as const)('%s', (_, [latitude, longitude], [toLatitude, toLongitude], km) => {
  const found = greatCircleKm({ latitude, longitude }, { latitude: toLatitude, longitude: toLongitude });
  expect(Math.abs(found - km)).toBeLessThan(10);
});

/** Near the antipodes the arc sine stands upright: half of a double's digits are lost there, 1e-8 of the earth's radius. */
const ROUNDING_KM = 1e-3;

test('is a distance: symmetric, and no detour is shorter', () => {
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      expect(greatCircleKm(a, b)).toBeCloseTo(greatCircleKm(b, a), 6);
      expect(greatCircleKm(a, c)).toBeLessThanOrEqual(greatCircleKm(a, b) + greatCircleKm(b, c) + ROUNDING_KM);
    }),
  );
});
