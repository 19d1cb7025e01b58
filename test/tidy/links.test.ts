import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/process.ts';
import { deadLinks } from './links.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['*.md', 'docs/**/*.md', 'bench/**/*.md', 'config/**/*.md'].flatMap((glob) =>
  globSync(glob, { cwd: root }),
);

test.each(pages.toSorted())('%s: every link leads somewhere', (page) => {
  expect(deadLinks(root, page)).toEqual([]);
});

test('docs/README.md names every page and every folder of pages', () => {
  const text = readFileSync(`${root}/docs/README.md`, 'utf8');
  const linked = [...text.matchAll(/\]\(([^()#\s]+)\)/g)].map(([, to = '']) => to);
  const there = globSync('docs/*.md', { cwd: root }).map((page) => page.slice('docs/'.length));
  expect(there.filter((page) => page !== 'README.md' && !linked.includes(page))).toEqual([]);
  expect(linked).toEqual(expect.arrayContaining(['recipes', 'runbooks', 'decisions']));
  expect(linked.length).toBe(new Set(linked).size);
});

test('a link to no file, to no heading or out of the tree is dead; one in code is none', () => {
  const { path } = temporaryFolder();
  mkdirSync(`${path}/docs`);
  writeFileSync(`${path}/docs/b.md`, '# One, two\n## Twice\n## Twice\n```sh\n# no heading\n```\n');
  const good =
    '[a](docs/b.md) [b](docs/b.md#one-two) [c](#here) [d](https://a.example/x) [e](docs) [f](docs/b.md#twice-1)';
  const bad = ['docs/c.md', 'docs/b.md#three', 'docs/b.md#no-heading', '../x.md', '#there', 'docs/b.md#twice-2'];
  writeFileSync(`${path}/a.md`, `# Here\n${good}\n\`[x](code.md)\`\n${bad.map((to) => `[x](${to})`).join('\n')}\n`);
  expect(deadLinks(path, 'a.md')).toEqual(bad);
});
