import { describe, expect, test } from 'vitest';
import { ADDRESSES_MAX, Locator } from '../../../src/geo/locate.ts';
import type { Located } from '../../../src/geo/located.ts';
import type { GeoDatabase } from '../../../src/geo/maxmind.ts';

const EDGE = { latitude: 39, longitude: -77.5, country: 'US' };

/** A database that knows what it is given, and counts how often it is asked. */
function databaseOf(known: Readonly<Record<string, Located>>): GeoDatabase & { asked: string[] } {
  const asked: string[] = [];
  const lookup = (address: string): Located | undefined => {
    asked.push(address);
    return known[address];
  };
  return { kind: 'city', ipVersion: 6, builtAtMs: 0, lookup, asked };
}

test('a client with a point is there, rounded so that a city is one key', () => {
  const locator = new Locator(
    databaseOf({
      '8.0.0.1': { country: 'GB', latitude: 51.5142, longitude: -0.0931 },
      '8.0.0.2': { country: 'GB', latitude: 51.4901, longitude: -0.1422 },
      '8.0.0.3': { country: 'GH', latitude: 0.01, longitude: -0.04 },
    }),
    EDGE,
  );
  const first = locator.locate('8.0.0.1');
  expect(first).toEqual({
    key: 'p:GB:51.5,-0.1',
    points: [{ latitude: 51.5, longitude: -0.1, country: 'GB', weight: 1 }],
    country: 'GB',
    precision: 'city',
  });
  expect(locator.locate('8.0.0.2')).toEqual(first);
  expect(locator.locate('8.0.0.3').key).toBe('p:GH:0,0');
});

test('a client with a country is spread over the people of the country', () => {
  const locator = new Locator(databaseOf({ '8.0.0.1': { country: 'US' }, '8.0.0.2': { country: 'SE' } }), EDGE);
  const { key, points, precision } = locator.locate('8.0.0.1');
  expect({ key, precision }).toEqual({ key: 'c:US', precision: 'country' });
  expect(points.length).toBeGreaterThanOrEqual(6);
  expect(locator.locate('8.0.0.2').key).toBe('c:SE');
});

describe('a client that cannot be placed is where the edge is', () => {
  const everywhere = new Proxy({}, { get: () => ({ country: 'FR' }) });
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fd12::1',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
  ])('%s, whatever the database says', (address) => {
    expect(new Locator(databaseOf(everywhere), EDGE).locate(address)).toEqual({
      key: 'edge',
      points: [{ ...EDGE, weight: 1 }],
      country: 'US',
      precision: 'edge',
    });
  });

  test.each(['172.32.0.1', '100.128.0.1', '11.0.0.1', '::ffff:11.0.0.1', '2a00::1'])('but %s is public', (address) => {
    expect(new Locator(databaseOf(everywhere), EDGE).locate(address).key).toBe('c:FR');
  });

  test.each(['', 'junk', '8.8.8.8', '2a00::1'])('%o, unknown', (address) => {
    expect(new Locator(databaseOf({}), EDGE).locate(address).precision).toBe('edge');
  });

  test('a country that is none', () => {
    expect(new Locator(databaseOf({ '8.0.0.1': { country: 'ZZ' } }), EDGE).locate('8.0.0.1').key).toBe('edge');
  });
});

describe('what is remembered', () => {
  test('an address is looked up once, until the database is swapped', () => {
    const [before, after] = [
      databaseOf({ '8.0.0.1': { country: 'SE' } }),
      databaseOf({ '8.0.0.1': { country: 'NO' } }),
    ];
    const locator = new Locator(before, EDGE);
    expect(locator.locate('8.0.0.1').key).toBe('c:SE');
    expect(locator.locate('8.0.0.1').key).toBe('c:SE');
    expect(before.asked).toEqual(['8.0.0.1']);
    locator.swap(after);
    expect(locator.locate('8.0.0.1').key).toBe('c:NO');
    expect(after.asked).toEqual(['8.0.0.1']);
  });

  test('clients of a country share one object', () => {
    const locator = new Locator(databaseOf({ '8.0.0.1': { country: 'SE' }, '8.0.0.2': { country: 'SE' } }), EDGE);
    expect(locator.locate('8.0.0.1')).toBe(locator.locate('8.0.0.2'));
  });

  test('the address unused for longest is forgotten when the limit is reached', () => {
    const database = databaseOf({});
    const locator = new Locator(database, EDGE);
    const address = (index: number): string => `8.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    for (let index = 0; index < ADDRESSES_MAX; index += 1) locator.locate(address(index));
    locator.locate(address(0));
    locator.locate('9.9.9.9');
    database.asked.length = 0;
    locator.locate(address(0));
    expect(database.asked).toEqual([]);
    locator.locate(address(1));
    expect(database.asked).toEqual([address(1)]);
  });
});
