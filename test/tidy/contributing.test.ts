import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

/** The rows of SECURITY.md's tables of threats, by what they are about. */
const threats = read('SECURITY.md')
  .split('## Threats')[1]
  ?.split('## Not held')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat |'))
  .map((line) => line.slice(2).split(' | ')) as [string, string, string][];

test.each(threats)('%s: %s', (_, what, tests) => {
  expect(what).not.toBe('');
  const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  expect(files).not.toEqual([]);
  for (const file of files) expect([file, existsSync(`${root}/${file}`)]).toEqual([file, true]);
});

test('there are threats from everybody who is not trusted', () => {
  expect(threats.length).toBeGreaterThan(20);
});

test('every command of CONTRIBUTING.md is a script of the package or a program of it, and every file is there', () => {
  const page = read('CONTRIBUTING.md');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const [, script = ''] of page.matchAll(/\bnpm run (?:-s )?([a-z:]+)(?!…)\b/g)) {
    if (script !== 'bench') expect(Object.keys(scripts)).toContain(script);
  }
  expect(existsSync(`${root}/node_modules/.bin/vitest`)).toBe(true);
  const paths = [...page.matchAll(/\]\(([^)#]+)\)|`((?:src|test|docs|config|\.ci)\/[\w./-]+)`/g)];
  expect(paths.length).toBeGreaterThan(15);
  for (const [, link, named] of paths) {
    const path = (link ?? named) as string;
    if (!path.includes('NNNN')) expect([path, existsSync(`${root}/${path}`)]).toEqual([path, true]);
  }
});
