import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/geo/maxmind.ts';
import { writeMmdb } from './mmdb-writer.ts';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/mmdb/${name}.mmdb`, import.meta.url));
}

describe('a city database', () => {
  const database = openDatabase(fixture('GeoIP2-City-Test'), 'city.mmdb');

  test('says what it is', () => {
    expect(database).toMatchObject({ kind: 'city', ipVersion: 6 });
    expect(new Date(database.builtAtMs).toISOString()).toBe('2026-02-04T22:49:29.000Z');
  });

  test.each([
    '81.2.69.160',
    '::ffff:81.2.69.160',
    '::FFFF:5102:45a0',
    '0:0:0:0:0:ffff:5102:45a0',
    '::ffff:81.2.69.160%eth0',
  ])('finds London for %s', (address) => {
    expect(database.lookup(address)).toEqual({ country: 'GB', latitude: 51.5142, longitude: -0.0931 });
  });

  test('finds an IPv6 network', () => {
    expect(database.lookup('2001:218::1')).toEqual({ country: 'JP', latitude: 35.68536, longitude: 139.75309 });
  });

  test.each([
    '',
    'localhost',
    '81.2.69',
    '81.2.69.160.1',
    '81.2.69.999',
    ':::',
    '::ffff:',
    'gggg::1',
    '8.8.8.8',
    '::1',
  ])('knows nothing of %o and does not throw', (address) => {
    expect(database.lookup(address)).toBeUndefined();
  });
});

test('a country database names countries without points', () => {
  const database = openDatabase(fixture('GeoIP2-Country-Test'), 'country.mmdb');
  expect(database.kind).toBe('country');
  expect(database.lookup('81.2.69.160')).toEqual({ country: 'GB' });
});

test('one shared memory serves two readers', () => {
  const bytes = fixture('GeoIP2-City-Test');
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const readers = [openDatabase(new Uint8Array(shared), 'a'), openDatabase(new Uint8Array(shared), 'b')];
  expect(readers.map((reader) => reader.lookup('81.2.69.160')?.country)).toEqual(['GB', 'GB']);
});

test('a view into the middle of a larger buffer is read at its own offset', () => {
  const bytes = fixture('GeoIP2-Country-Test');
  const larger = new Uint8Array(bytes.length + 100);
  larger.set(bytes, 40);
  const view = larger.subarray(40, 40 + bytes.length);
  expect(openDatabase(view, 'view').lookup('81.2.69.160')).toEqual({ country: 'GB' });
});

describe('an IPv4-only database', () => {
  // 2001:: begins with the bits of 32.1.0.0: without a look at the version, 32.0.0.0/8 would answer for it.
  const database = openDatabase(writeMmdb({ '32.0.0.0/8': { country_code: 'US' } }, { ipVersion: 4 }), 'v4.mmdb');

  test('does not answer for IPv6', () => {
    expect(database.ipVersion).toBe(4);
    expect(database.lookup('2001:4860:4860::8888')).toBeUndefined();
  });

  test('answers for IPv4, mapped or not', () => {
    expect(database.lookup('32.1.2.3')).toEqual({ country: 'US' });
    expect(database.lookup('::ffff:32.1.2.3')).toEqual({ country: 'US' });
  });
});

describe('what is refused, in one sentence that names the file', () => {
  const city = fixture('GeoIP2-City-Test');
  test.each([
    ['text', Buffer.from('not a database'), /not a MaxMind-format database/],
    ['an empty file', Buffer.alloc(0), /not a MaxMind-format database/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip-compressed; unpack it first/],
    ['a cut end', city.subarray(0, city.length - 2000), /not a MaxMind-format database/],
    ['a cut start', city.subarray(9000), /is damaged/],
    ['broken doubles', fixture('GeoIP2-City-Test-Broken-Double-Format'), /coordinates of .* are not on the globe/],
    ['an impossible tree', fixture('GeoIP2-City-Test-Invalid-Node-Count'), /search tree does not fit/],
    ['no countries', fixture('MaxMind-DB-test-ipv4-24'), /names no country/],
  ])('%s', (_, bytes, what) => {
    expect(() => openDatabase(bytes, 'some.mmdb')).toThrow(what);
    expect(() => openDatabase(bytes, 'some.mmdb')).toThrow(/^The geo database some\.mmdb .*; .*\.$/);
  });

  test('records overwritten in the middle of the file', () => {
    const bytes = Buffer.from(city);
    const start = 13_000;
    bytes.fill(0xff, start, start + 6000);
    expect(() => openDatabase(bytes, 'some.mmdb')).toThrow(/is damaged/);
  });
});

test('a record that is damaged but was not probed gives no place instead of an error', () => {
  const bytes = writeMmdb(
    { '1.0.0.0/8': { country_code: 'AU' }, '2.0.0.0/8': { country_code: 'FR' } },
    { ipVersion: 4 },
  );
  const database = openDatabase(bytes, 'turns-bad.mmdb');
  bytes.fill(0xff, bytes.indexOf('FR') - 14, bytes.indexOf('FR') + 2);
  expect(database.lookup('2.1.1.1')).toBeUndefined();
  expect(database.lookup('1.1.1.1')).toEqual({ country: 'AU' });
});
