import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfigFile, readSecretFile } from '../../../src/config/config-file.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'meridian-config-file-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const refusal = (reason: string) => ({ ok: false, reason: expect.stringContaining(reason) as unknown });

test('a file is read as UTF-8, with or without a byte order mark', async () => {
  expect(await readConfigFile(file('a', 'ü: 1\n'))).toEqual({ ok: true, text: 'ü: 1\n' });
  expect(await readConfigFile(file('b', '\uFEFFa: 1\n'))).toEqual({ ok: true, text: 'a: 1\n' });
  expect(readSecretFile(join(dir, 'a'))).toBe('ü: 1\n');
});

test('a file of more than 8 MiB is refused before it is read', async () => {
  const path = file('large', '');
  truncateSync(path, 8 * 1024 * 1024 + 1);
  expect(await readConfigFile(path)).toEqual(refusal('larger than 8 MiB'));
  truncateSync(path, 8 * 1024 * 1024);
  expect((await readConfigFile(path)).ok).toBe(true);
});

test.each([
  ['a missing file', () => join(dir, 'none'), 'ENOENT'],
  ['a directory', () => dir, 'is a directory'],
  ['a file as a directory', () => join(file('plain', ''), 'x'), 'ENOTDIR'],
  ['text that is not UTF-8', () => file('latin1', Uint8Array.of(0xfc, 0x3a)), 'save it as UTF-8'],
])('%s is refused with the reason', async (_, make, reason) => {
  const path = make();
  expect(await readConfigFile(path)).toEqual(refusal(reason));
  expect(() => readSecretFile(path)).toThrow(reason);
});

test('links in a circle are named as such', async () => {
  const path = join(dir, 'circle');
  symlinkSync(path, path);
  expect(await readConfigFile(path)).toEqual(refusal('ELOOP'));
});
