import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRegularFile, readRegularFile, readRegularFileSync } from '../../../src/config/regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-regular-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a regular file is read whole, up to the most that may be', async () => {
  const path = file('a', 'hello');
  expect((await readRegularFile(path, 5)).toString()).toBe('hello');
  expect(readRegularFileSync(path, 5).toString()).toBe('hello');
  expect((await readRegularFile(file('empty', ''), 5)).length).toBe(0);
});

test('a larger one is refused before it is read', async () => {
  const path = file('large', '');
  truncateSync(path, 1024 ** 4);
  await expect(readRegularFile(path, 8 * 1024 * 1024)).rejects.toThrow('it is larger than 8 MiB');
  expect(() => readRegularFileSync(path, 65_536)).toThrow('it is larger than 64 KiB');
});

test.runIf(process.platform === 'linux')('so is one that does not say how large it is', async () => {
  const path = '/proc/self/environ';
  expect((await readRegularFile(path, 4 * 1024 * 1024)).length).toBeGreaterThan(0);
  await expect(readRegularFile(path, 1)).rejects.toThrow('larger than 1 B');
  expect(() => readRegularFileSync(path, 1)).toThrow('larger than 1 B');
});

test('devices have no end, and a pipe has nobody at the other: both are refused at once', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of ['/dev/zero', '/dev/null', pipe]) {
    await expect(readRegularFile(path, 1000)).rejects.toThrow('it is a device or a pipe');
    await expect(openRegularFile(path)).rejects.toThrow('name a regular file');
    expect(() => readRegularFileSync(path, 1000)).toThrow('it is a device or a pipe');
  }
  await expect(readRegularFile(folder, 1000)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(readRegularFile(join(folder, 'none'), 1000)).rejects.toMatchObject({ code: 'ENOENT' });
});
