import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { updateDatabase } from '../../../src/geo/database-update.ts';
import { writeMmdb } from './mmdb-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-update-'));
afterAll(() => rmSync(folder, { recursive: true }));

const country = (code: string) => writeMmdb({ '8.8.8.0/24': { country_code: code } }, { ipVersion: 6 });
const file = (name: string, bytes: Buffer | string) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const BUILTIN = new URL('../../../config/geo/dbip-country.mmdb', import.meta.url).pathname;

test('a file, a compressed one, the folder of a package: what comes in is what was looked at', async () => {
  const to = join(folder, 'in-use.mmdb');
  const first = await updateDatabase(file('a.mmdb', country('DE')), to);
  expect([first.beforeMs, first.database.lookup('8.8.8.8')]).toEqual([undefined, { country: 'DE' }]);
  await updateDatabase(file('b.mmdb.gz', gzipSync(country('FR'))), to);
  expect(readFileSync(to)).toEqual(country('FR'));
  mkdirSync(join(folder, 'package'));
  file('package/package.json', '{}');
  file('package/c.mmdb', country('IT'));
  const last = await updateDatabase(join(folder, 'package'), to);
  expect(last.source).toBe(join(folder, 'package/c.mmdb'));
  expect(last.beforeMs).toBe(1_700_000_000_000);
  expect(readFileSync(to)).toEqual(country('IT'));
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('what is no good changes nothing', async () => {
  const to = file('kept.mmdb', country('DE'));
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'two'));
  file('two/a.mmdb', country('DE'));
  file('two/b.mmdb', country('DE'));
  const pipe = join(folder, 'pipe.mmdb');
  execFileSync('mkfifo', [pipe]);
  for (const [from, message] of [
    [join(folder, 'none.mmdb'), 'cannot be read (ENOENT)'],
    [file('text.mmdb', 'no database'), 'is not a MaxMind-format database'],
    [file('half.mmdb', country('DE').subarray(0, 40)), 'is not a MaxMind-format database'],
    [file('half.mmdb.gz', gzipSync(country('DE')).subarray(0, 40)), 'cannot be unpacked'],
    [join(folder, 'empty'), 'there is no .mmdb file'],
    [join(folder, 'two'), 'name one: a.mmdb, b.mmdb'],
    [pipe, 'it is a device or a pipe'],
    ['/dev/zero', 'it is a device or a pipe'],
  ] as const) {
    await expect(updateDatabase(from, to)).rejects.toThrow(message);
    expect(readFileSync(to)).toEqual(country('DE'));
  }
  await expect(updateDatabase(to, join(folder, 'nowhere/x.mmdb'))).rejects.toThrow('cannot be replaced (ENOENT)');
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

test('an older one is refused unless it is meant', async () => {
  const to = file('newer.mmdb', readFileSync(BUILTIN));
  const older = file('older.mmdb', country('DE'));
  await expect(updateDatabase(older, to)).rejects.toThrow('is of 2023-11-14 and older than');
  const { database } = await updateDatabase(older, to, { force: true });
  expect(database.lookup('8.8.8.8')).toEqual({ country: 'DE' });
});
