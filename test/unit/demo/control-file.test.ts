import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  controlFilePath,
  newToken,
  readControlFile,
  removeControlFile,
  writeControlFile,
} from '../../../src/demo/control-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'control-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

const content = { pid: 7, port: 4000, token: 'secret' };

test('the file is in the temporary folder, and a token is never the same', () => {
  expect(controlFilePath().startsWith(join(tmpdir(), 'meridian-demo-'))).toBe(true);
  expect(newToken()).toMatch(/^[\w-]{32}$/);
  expect(newToken()).not.toBe(newToken());
});

test('only its owner can read it, and what is read is what was written', async () => {
  const path = join(folder, 'a.json');
  expect(await writeControlFile(path, content)).toBe(true);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readControlFile(path)).toEqual(content);
});

test('a file or link that is there is never written over or through', async () => {
  const path = join(folder, 'b.json');
  await writeControlFile(path, content);
  expect(await writeControlFile(path, { ...content, pid: 8 })).toBe(false);
  expect((await readControlFile(path))?.pid).toBe(7);

  const victim = join(folder, 'victim');
  await writeFile(victim, 'mine');
  const link = join(folder, 'link.json');
  await symlink(victim, link);
  expect(await writeControlFile(link, content)).toBe(false);
  expect(await readFile(victim, 'utf8')).toBe('mine');
  await rm(victim);
  await writeFile(victim, JSON.stringify(content));
  expect(await readControlFile(link)).toBeUndefined();
});

test.each([
  '',
  'null',
  '{}',
  '[1]',
  '{"pid":1,"port":"80","token":"x"}',
  '{"pid":1,"port":0,"token":"x"}',
  '{"pid":1,"port":65536,"token":"x"}',
  `{"pid":1,"port":80,"token":"${'x'.repeat(2000)}"}`,
])('what no demo wrote is no file: %s', async (text) => {
  const path = join(folder, 'c.json');
  await writeFile(path, text);
  expect(await readControlFile(path)).toBeUndefined();
  expect(await readControlFile(join(folder, 'none.json'))).toBeUndefined();
});

test('a demo removes its own file only', async () => {
  const path = join(folder, 'd.json');
  await writeControlFile(path, content);
  await removeControlFile(path, 'of another');
  expect(await readControlFile(path)).toEqual(content);
  await removeControlFile(path, content.token);
  await removeControlFile(path, content.token);
  expect(await readControlFile(path)).toBeUndefined();
});
