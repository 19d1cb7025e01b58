import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseFile } from '../../../src/geo/database-file.ts';
import { BUILTIN_SHA256, DATABASE_BYTES_MAX, databasePaths, readDatabase } from '../../../src/geo/database-file.ts';
import { openDatabase } from '../../../src/geo/maxmind.ts';
import { writeMmdb } from './mmdb-writer.ts';

describe('the builtin database', () => {
  let builtin: DatabaseFile;
  beforeAll(async () => {
    builtin = await readDatabase('builtin');
  });

  test('is the one in config/geo, of the date that its README gives, in shared memory', () => {
    expect(builtin.file).toMatch(/config\/geo\/dbip-country\.mmdb$/);
    expect([builtin.file]).toEqual(databasePaths('builtin'));
    expect(builtin.bytes).toBeInstanceOf(SharedArrayBuffer);
    expect(builtin.database).toMatchObject({
      kind: 'country',
      ipVersion: 6,
      builtAtMs: Date.UTC(2026, 5, 1, 20, 32, 58),
    });
  });

  test('is known by its hash and found good by a probe, which a start then leaves out', () => {
    expect(builtin.sha256).toBe(BUILTIN_SHA256);
    expect(openDatabase(new Uint8Array(builtin.bytes), builtin.file).kind).toBe('country');
  });

  test.each([
    ['8.8.8.8', 'US'],
    ['1.1.1.1', 'AU'],
    ['81.2.69.160', 'GB'],
    ['193.0.6.139', 'NL'],
    ['200.160.2.3', 'BR'],
    ['::ffff:81.2.69.160', 'GB'],
    ['2001:218::1', 'JP'],
    ['2001:67c:2e8::1', 'NL'],
    ['2001:da8::1', 'CN'],
  ])('%s is in %s', (address, country) => {
    expect(builtin.database.lookup(address)).toEqual({ country });
  });

  test.each(['10.0.0.1', '127.0.0.1', '::1', 'fe80::1', 'fd00::1', '192.168.1.1', '100.64.0.1'])(
    '%s is nowhere',
    (address) => {
      expect(builtin.database.lookup(address)).toBeUndefined();
    },
  );
});

describe('a path', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meridian-geo-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('may be a symlink', async () => {
    await writeFile(join(directory, 'real.mmdb'), writeMmdb({ '9.0.0.0/8': { country_code: 'SE' } }, { ipVersion: 6 }));
    await symlink('real.mmdb', join(directory, 'link.mmdb'));
    const read = await readDatabase(join(directory, 'link.mmdb'));
    expect(read.database.lookup('9.9.9.9')).toEqual({ country: 'SE' });
    expect(read.file).toBe(join(directory, 'link.mmdb'));
  });

  test('that is not there is said so', async () => {
    await expect(readDatabase('/no/such.mmdb')).rejects.toThrow(
      'The geo database /no/such.mmdb cannot be read (ENOENT); check the path and its permissions.',
    );
  });

  test('of a directory is said so', async () => {
    await expect(readDatabase(directory)).rejects.toThrow(/is not a file; give the path of an \.mmdb file/);
  });

  test('of a file above the limit is refused before it is read', async () => {
    const file = join(directory, 'sparse.mmdb');
    await writeFile(file, '');
    await truncate(file, DATABASE_BYTES_MAX + 1);
    await expect(readDatabase(file)).rejects.toThrow(/has more than 1073741824 bytes; use a smaller one/);
  });
});
