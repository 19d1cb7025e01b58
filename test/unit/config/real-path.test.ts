import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realPath } from '../../../src/config/real-path.ts';
import { temporaryFolder } from '../../support/process.ts';

test('spellings and links of one file are one path, whether it is there or not', () => {
  const folder = temporaryFolder();
  const file = realPath(folder.write('there', 'x'));
  symlinkSync(file, join(folder.path, 'link'));
  expect(realPath(join(folder.path, 'link'))).toBe(file);
  expect(realPath(join(folder.path, 'x', '..', '.', 'there'))).toBe(file);
  expect(realPath(join(folder.path, 'none', 'x'))).toBe(join(realPath(folder.path), 'none', 'x'));
});
