import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEFT_BEHIND, replaceFile } from '../../../src/config/replaced-file.ts';
import { scratch } from '../../support/scratch.ts';

test('a file is written, and replaced by another content', async () => {
  const folder = scratch().path;
  const file = join(folder, 'a.json');
  await replaceFile(file, 'one', 0o600);
  expect(readFileSync(file, 'utf8')).toBe('one');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await replaceFile(file, Buffer.from('two'), 0o644);
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['a.json']);
});

test('many writers at once leave one of their contents, whole', async () => {
  const folder = scratch().path;
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(contents.map((content) => replaceFile(join(folder, 'a'), content, 0o600)));
  expect(contents).toContain(readFileSync(join(folder, 'a'), 'utf8'));
  expect(readdirSync(folder)).toEqual(['a']);
});

test('what cannot be replaced stays as it was, and nothing is left beside it', async () => {
  const folder = scratch().path;
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'inside'), '');
  await expect(replaceFile(join(folder, 'a'), 'x', 0o600)).rejects.toThrow('EISDIR');
  expect(readdirSync(folder)).toEqual(['a']);
  await expect(replaceFile(join(folder, 'nowhere', 'a'), 'x', 0o600)).rejects.toThrow('ENOENT');
});

test.each([
  ['.a.json.0123456789ab.tmp', true],
  ['a.json', false],
  ['.a.json.tmp', false],
])('the name %s is one that was left behind: %s', (name, left) => {
  expect(LEFT_BEHIND.test(name)).toBe(left);
});
