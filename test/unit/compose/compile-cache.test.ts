import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { privateFolder } from '../../../src/compose/compile-cache.ts';
import { runToEnd, temporaryFolder } from '../../support/process.ts';

const UID = process.getuid?.() ?? 0;

test('the folder is made for its owner alone', () => {
  const { path } = temporaryFolder();
  const folder = privateFolder({ XDG_CACHE_HOME: path }, UID);
  expect(folder).toBe(join(path, 'meridian'));
  expect(statSync(folder as string).mode & 0o777).toBe(0o700);
  expect(privateFolder({ XDG_CACHE_HOME: path }, UID)).toBe(folder);
});

test('no folder that somebody else owns, may write to or points elsewhere is used', () => {
  const { path } = temporaryFolder();
  expect(privateFolder({ XDG_CACHE_HOME: path }, UID + 1)).toBeUndefined();
  chmodSync(join(path, 'meridian'), 0o777);
  expect(privateFolder({ XDG_CACHE_HOME: path }, UID)).toBeUndefined();
  const second = temporaryFolder().path;
  mkdirSync(join(path, 'elsewhere'));
  symlinkSync(join(path, 'elsewhere'), join(second, 'meridian'));
  expect(privateFolder({ XDG_CACHE_HOME: second }, UID)).toBeUndefined();
  const open = temporaryFolder().path;
  chmodSync(open, 0o777);
  expect(privateFolder({ XDG_CACHE_HOME: open }, UID)).toBeUndefined();
  expect(privateFolder({ XDG_CACHE_HOME: '/dev/null' }, UID)).toBeUndefined();
  expect(privateFolder({ XDG_CACHE_HOME: path }, undefined)).toBeUndefined();
});

test('start keeps what was compiled, unless it is told not to', async () => {
  const { path, write } = temporaryFolder();
  const bad = write('bad.yaml', 'version: 2\n');
  const env = { XDG_CACHE_HOME: path, NODE_DISABLE_COMPILE_CACHE: '1' };
  expect((await runToEnd(['start', '-c', bad], env)).code).toBe(1);
  expect(existsSync(join(path, 'meridian'))).toBe(false);
  expect(
    (await runToEnd(['start', '-c', bad], { XDG_CACHE_HOME: path, NODE_DISABLE_COMPILE_CACHE: undefined })).code,
  ).toBe(1);
  // One folder for each set of the runtime's flags: threads have other ones.
  expect(readdirSync(join(path, 'meridian'))).not.toEqual([]);
});
