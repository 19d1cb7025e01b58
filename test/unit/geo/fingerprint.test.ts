import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprint } from '../../../src/geo/fingerprint.ts';
import { temporaryFolder } from '../../support/process.ts';

test('it stays while nothing happens, and changes with what is written, replaced or pointed elsewhere', async () => {
  const { path } = temporaryFolder();
  const [file, link, other] = [join(path, 'a'), join(path, 'link'), join(path, 'b')];
  await writeFile(file, 'one');
  await writeFile(other, 'two');
  await symlink(file, link);
  const prints = [await fingerprint([link])];
  expect(await fingerprint([link])).toBe(prints[0]);
  await writeFile(file, 'longer');
  prints.push(await fingerprint([link]));
  await rename(other, file);
  prints.push(await fingerprint([link]));
  await symlink(link, other);
  prints.push(await fingerprint([join(path, 'none')]), await fingerprint([file, other]));
  expect(new Set(prints).size).toBe(prints.length);
});
