import { expect, test } from 'vitest';
import { joinedOf, partsOf } from '../../../src/geo/joined.ts';
import { openDatabase } from '../../../src/geo/maxmind.ts';
import { writeMmdb } from './mmdb-writer.ts';

function join(...databases: readonly Buffer[]): SharedArrayBuffer {
  const { bytes, parts } = joinedOf(databases.map(({ length }) => length));
  for (const [index, part] of parts.entries()) part.set(databases[index] ?? []);
  return bytes;
}

const four = writeMmdb({ '9.0.0.0/8': { country_code: 'SE' } }, { ipVersion: 4 });
// An IPv6 tree in which 11.0.0.0/8 stands for an IPv6 network: ::b00:0.
const six = writeMmdb({ '11.0.0.0/8': { country_code: 'NO' } }, { ipVersion: 6 });

test('one database is its own bytes', () => {
  expect(Buffer.from(join(four))).toEqual(four);
  expect(partsOf(four)).toEqual([four]);
});

test('two databases come apart as they were', () => {
  expect(partsOf(Buffer.from(join(four, six)))).toEqual([four, six]);
});

test('two databases answer as one', () => {
  const database = openDatabase(new Uint8Array(join(four, six)), 'four with six');
  expect(database).toMatchObject({ kind: 'country', ipVersion: 6 });
  expect(database.lookup('9.1.1.1')).toEqual({ country: 'SE' });
  expect(database.lookup('::ffff:9.1.1.1')).toEqual({ country: 'SE' });
  expect(database.lookup('::b00:1')).toEqual({ country: 'NO' });
  expect(database.lookup('8.8.8.8')).toBeUndefined();
});

test('a pair with a broken half is refused', () => {
  expect(() => openDatabase(new Uint8Array(join(four, Buffer.from('junk'))), 'pair')).toThrow(/not a MaxMind-format/);
});

test.each([0, 1, 5, 13, 14, 15])('%i bytes are no pair', (length) => {
  const bytes = Buffer.alloc(length);
  expect(partsOf(bytes)).toEqual([bytes]);
});
