import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteStore } from '../../../src/degraded/sqlite-store.ts';
import { temporaryFolder } from '../../support/process.ts';
import { copyWith, headersOf } from './copies.ts';
import { storeContract } from './stores.ts';

const LIMITS = { bytes: 1_000_000, entries: 100 };

storeContract((limits) => new SqliteStore(':memory:', limits));

test('two that have one file open see the same copies, and keep to the limits together', () => {
  const file = join(temporaryFolder().path, 'copies.sqlite');
  const [one, other] = [
    new SqliteStore(file, { ...LIMITS, entries: 3 }),
    new SqliteStore(file, { ...LIMITS, entries: 3 }),
  ];
  for (let i = 0; i < 10; i += 1) (i % 2 === 0 ? one : other).put(`http://x/${i}`, copyWith({ bornMs: i }));
  expect([one.entries, other.entries]).toEqual([3, 3]);
  expect(one.find('http://x/9', headersOf(), 0)?.body.toString()).toBe('body');
  one.purge('');
  expect(other.entries).toBe(0);
  one.close();
  other.close();
});

test('what was put is there when the file is opened again', () => {
  const file = join(temporaryFolder().path, 'copies.sqlite');
  const before = new SqliteStore(file, LIMITS);
  before.put('http://x/', copyWith());
  before.close();
  const after = new SqliteStore(file, LIMITS);
  expect(after.find('http://x/', headersOf(), 0)).toEqual(copyWith());
  after.close();
});

test('a file that is no database is an error, and so is a folder that is not there', () => {
  const folder = temporaryFolder();
  const file = folder.write('text', 'this is no database at all, and long enough to be sure of it'.repeat(20));
  expect(() => new SqliteStore(file, LIMITS)).toThrow(/not a database/);
  expect(() => new SqliteStore(join(folder.path, 'none', 'x.sqlite'), LIMITS)).toThrow(/unable to open/);
});
