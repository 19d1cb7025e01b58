import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { overviewText } from '../../../src/main/help.ts';
import { pagesFile } from '../../../src/main/pages.ts';

test('in a checkout the pages are there, and help says where', () => {
  const file = pagesFile() as string;
  expect(readFileSync(file, 'utf8')).toMatch(/^# The pages\n/);
  expect(overviewText(file)).toContain(`\nEvery page: ${file}\n`);
});

test('where there are none, nothing is said of them', () => {
  expect(overviewText(undefined)).not.toContain('Every page');
});
