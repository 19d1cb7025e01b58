import { describe, expect, test } from 'vitest';
import { readRecord } from '../../../src/geo/located.ts';

describe('shapes of records', () => {
  const london = { country: 'GB', latitude: 51.5, longitude: -0.1 };
  test.each([
    ['GeoIP2 city', { country: { iso_code: 'GB' }, location: { latitude: 51.5, longitude: -0.1 } }, london],
    ['flat, numbers', { country_code: 'GB', latitude: 51.5, longitude: -0.1 }, london],
    ['flat, strings', { country_code: 'gb', latitude: '51.5', longitude: '-0.1' }, london],
    ['flat, country as text', { country: 'GB', lat: '51.5', lng: '-0.1' }, london],
    ['GeoIP2 country', { country: { iso_code: 'GB' } }, { country: 'GB' }],
    ['registered only', { registered_country: { iso_code: 'GB' } }, { country: 'GB' }],
    ['both countries', { country: { iso_code: 'GB' }, registered_country: { iso_code: 'US' } }, { country: 'GB' }],
    ['half a point', { country_code: 'GB', latitude: 51.5 }, { country: 'GB' }],
    ['empty strings', { country_code: 'GB', latitude: '', longitude: '' }, { country: 'GB' }],
    ['a point alone', { latitude: 51.5, longitude: -0.1 }, { ...london, country: '' }],
    [
      'the equator',
      { country_code: 'ST', latitude: 0, longitude: 6.6 },
      { country: 'ST', latitude: 0, longitude: 6.6 },
    ],
  ])('%s', (_, record, located) => {
    expect(readRecord(record)?.located).toEqual(located);
  });

  test.each([null, undefined, 'GB', 7, {}, { ip: '1.1.1.1' }, { country_code: '' }, { country: { iso_code: 7 } }])(
    '%o names no place',
    (record) => {
      expect(readRecord(record)).toBeUndefined();
    },
  );
});

describe('what a point is worth', () => {
  function city(radius: number): unknown {
    return {
      country: { iso_code: 'US' },
      location: { latitude: 37.751, longitude: -97.822, accuracy_radius: radius },
    };
  }

  test('one that is only the middle of the country is left out', () => {
    expect(readRecord(city(1000))).toEqual({ located: { country: 'US' }, coordinates: 'vague' });
    expect(readRecord(city(200))?.coordinates).toBe('precise');
  });

  test.each([
    [91, 0],
    [0, 181],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [5.6e-62, 1e-71],
    ['north', 'west'],
  ])('%o, %o is no place on the globe', (latitude, longitude) => {
    expect(readRecord({ country_code: 'US', latitude, longitude })).toEqual({
      located: { country: 'US' },
      coordinates: 'damaged',
    });
  });
});
