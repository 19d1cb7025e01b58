import { expect, test } from 'vitest';
import * as coverage from './coverage.ts';
import * as files from './files.ts';
import { isWithoutBehaviour, parseSource } from './source.ts';

const importing = (path: string, ...lines: string[]) => parseSource(path, `${lines.join('\n')}\n`);

test('a source wants its test, unless nothing in it runs', () => {
  const running = importing('src/geo/a.ts', 'export const twice = (n: number) => 2 * n;');
  const types = importing('src/geo/b.ts', 'export type F = (n: number) => number;', "export const CLOUDS = ['aws'];");
  expect(isWithoutBehaviour(types)).toBe(true);
  expect(coverage.untested([running, types], [], [])).toHaveLength(1);
  expect(coverage.untested([running], ['test/unit/geo/a.test.ts'], [])).toEqual([]);
  expect(coverage.untested([running], ['test/unit/geo/a.laws.test.ts'], [])).toEqual([]);
  expect(files.orphanTests(['src/geo/a.ts', 'test/unit/geo/a.test.ts', 'test/unit/geo/a.laws.test.ts'])).toEqual([]);
  expect(files.orphanTests(['src/geo/b.ts', 'test/unit/geo/a.test.ts'])).toEqual(['test/unit/geo/a.test.ts']);
});

test('a source may be covered elsewhere, as long as it needs to be', () => {
  const running = importing('src/geo/a.ts', 'export const twice = (n: number) => 2 * n;');
  const elsewhere = [{ src: 'src/geo/*.ts', by: 'test/e2e/geo.test.ts', why: 'for the test' }];
  expect(coverage.untested([running], [], elsewhere)).toEqual([]);
  expect(coverage.idleCoverage([running], ['test/e2e/geo.test.ts'], elsewhere)).toEqual([]);
  expect(coverage.idleCoverage([running], [], elsewhere)).toHaveLength(1);
  expect(coverage.idleCoverage([running], ['test/e2e/geo.test.ts', 'test/unit/geo/a.test.ts'], elsewhere)).toHaveLength(
    1,
  );
});

test('each name of an exception is needed', () => {
  const running = ['a', 'b'].map((name) => importing(`src/geo/${name}.ts`, 'export const f = () => 1;'));
  const elsewhere = [{ src: 'src/geo/{a,b,gone}.ts', by: 'test/e2e/geo.test.ts', why: 'for the test' }];
  const there = ['test/e2e/geo.test.ts', 'test/unit/geo/b.test.ts'];
  expect(coverage.idleCoverage(running, there, elsewhere)).toEqual([
    'src/geo/b.ts by test/e2e/geo.test.ts',
    'src/geo/gone.ts by test/e2e/geo.test.ts',
  ]);
});

test.each([
  ['src/a.ts', ['src/a.ts']],
  ['src/{a,b}.ts', ['src/a.ts', 'src/b.ts']],
  ['src/demo{,-run}.ts', ['src/demo.ts', 'src/demo-run.ts']],
  ['src/{a,c/{d,e}}.ts', ['src/a.ts', 'src/c/d.ts', 'src/c/e.ts']],
])('%s spelled out', (glob, names) => {
  expect(coverage.spelledOut(glob)).toEqual(names);
});

test('a test that stands for a source reaches it, by imports that run or in a process of its own', () => {
  const source = importing('src/geo/a.ts', 'export const f = () => 1;');
  const reached = (...lines: string[]) =>
    coverage.unreachedCoverage(
      [
        source,
        importing('test/support/x.ts', "import { f } from '../../src/geo/a.ts';"),
        importing('test/e2e/geo.test.ts', ...lines),
      ],
      [{ src: 'src/geo/a.ts', by: 'test/e2e/geo.test.ts', why: 'for the test' }],
    );
  expect(reached("import { x } from '../support/x.ts';")).toEqual([]);
  expect(reached("import { spawn } from 'node:child_process';")).toEqual([]);
  expect(reached("import type { X } from '../support/x.ts';")).toEqual([
    'test/e2e/geo.test.ts does not reach src/geo/a.ts',
  ]);
});
