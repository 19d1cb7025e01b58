import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { PathWatches, realPath } from '../../../src/config/path-watches.ts';
import { scratch } from '../../support/scratch.ts';

test('what happens in a watched folder is heard of; what is not there, or no longer watched, is no error', async () => {
  const folder = scratch();
  const [here, there] = ['here', 'there'].map((name) => join(folder.path, name)) as [string, string];
  for (const path of [here, there]) mkdirSync(path);
  let stirred = 0;
  const watches = new PathWatches(() => {
    stirred += 1;
  });
  onTestFinished(() => watches.close());
  watches.watch([join(folder.path, 'missing')]);
  expect(watches.isEmpty).toBe(true);
  watches.watch([here, there]);
  expect(watches.isEmpty).toBe(false);
  writeFileSync(join(here, 'file'), 'x');
  await vi.waitFor(() => expect(stirred).toBeGreaterThan(0));
  watches.watch([there]);
  stirred = 0;
  writeFileSync(join(here, 'file'), 'y');
  writeFileSync(join(there, 'file'), 'y');
  await vi.waitFor(() => expect(stirred).toBeGreaterThan(0));
  watches.close();
  expect(watches.isEmpty).toBe(true);
});

test('a path really lies where its links lead, and where it is said to when it is nowhere', () => {
  const folder = scratch();
  const file = folder.write('file', 'x');
  const link = join(folder.path, 'link');
  symlinkSync(file, link);
  expect(realPath(link)).toBe(realPath(file));
  expect(realPath('/nowhere/at/all')).toBe('/nowhere/at/all');
});
