import { describe, expect, test } from 'vitest';
import { blankOut } from './blank-out.ts';
import { importCycles } from './cycles.ts';
import { wrongEdgeImports } from './edge-floors.ts';
import * as files from './files.ts';
import { missingPlatforms, tiedToAddress } from './lock.ts';
import * as rooms from './rooms.ts';
import { parseSource } from './source.ts';

// A rule that cannot fail holds nothing. Each is shown what it must find, and what it must leave alone.

const importing = (path: string, ...lines: string[]) => parseSource(path, `${lines.join('\n')}\n`);
const FILES = ['src/config/topology.ts', 'src/geo/maxmind.ts', 'src/resilience/breaker.ts', 'test/tidy/house.ts'];
const TOPOLOGY = "import type { Topology } from '../config/topology.ts';";

describe('blanking', () => {
  test.each([
    ['a line comment', 'a(); // Date.now()', 'a();              '],
    ['a block comment', 'a(/* b\nc */ d)', 'a(    \n     d)'],
    ['a string', "a('it\\'s // here')", "a('             ')"],
    ['a template, but not what it substitutes', '`x ${f({ a: `y` })} z`', '`  ${f({ a: ` ` })}  `'],
    ['a regular expression', "b = /['`/]x/ + c", 'b = /      / + c'],
    ['no division', 'a = b / c; d = e / f;', 'a = b / c; d = e / f;'],
    ['a regular expression with a slash in a class', 'return /[/"]/.test(a)', 'return /    /.test(a)'],
  ])('%s', (_, text, blanked) => {
    expect(blankOut(text)).toBe(blanked);
  });
});

describe('imports', () => {
  test('are found in every form, with their lines', () => {
    const source = importing(
      'src/geo/x.ts',
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import { type C, type D } from './c.ts';",
      'import {',
      '  e,',
      "} from './e.ts';",
      "export { f } from './f.ts';",
      "const g = await import('./g.ts');",
      "new Worker(new URL('./h.ts', import.meta.url));",
      "// import { no } from './no.ts';",
      'const text = "import { no } from \'./no.ts\'";',
      "import './i.ts';",
      "export const j = ['./no.ts'];",
    );
    const found = source.imports.map(({ specifier, line, types, again }) => [specifier, line, types, again]);
    expect(found.toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      ['./a.ts', 1, false, false],
      ['./b.ts', 2, true, false],
      ['./c.ts', 3, true, false],
      ['./e.ts', 6, false, false],
      ['./f.ts', 7, false, true],
      ['./g.ts', 8, false, false],
      ['./h.ts', 9, false, false],
      ['./i.ts', 12, false, false],
    ]);
  });

  test.each([
    ['upwards', 'src/table/x.ts', "import { open } from '../geo/maxmind.ts';", /upwards/],
    ['sideways', 'src/geo/x.ts', "import { step } from '../resilience/breaker.ts';", /sideways/],
    ['to nowhere', 'src/geo/x.ts', "import { step } from './nowhere.ts';", /no such file/],
    ['with a .js ending', 'src/geo/x.ts', "import type { Topology } from '../config/topology.js';", /no such file/],
    ['out of the house', 'src/geo/x.ts', "import { x } from '../../test/tidy/house.ts';", /outside src/],
    ['past compose', 'src/main.ts', "import type { Topology } from './config/topology.ts';", /may know/],
  ])('%s are refused', (_, path, line, problem) => {
    expect(rooms.wrongImports(importing(path, line), FILES)).toEqual([expect.stringMatching(problem)]);
  });

  test.each(['src/geo/x.ts', 'src/config/x.ts', 'src/table/x.ts', 'src/edge/x.ts', 'src/compose.ts'])(
    'of the topology are welcome in %s',
    (path) => {
      const line = path === 'src/compose.ts' ? TOPOLOGY.replace('../', './') : TOPOLOGY;
      expect(rooms.wrongImports(importing(path, line), FILES)).toEqual([]);
    },
  );
});

test.each([
  ['src/edge/request/x.ts', '../wire/wire.ts', /upwards/],
  ['src/edge/wire/client/x.ts', '../../thread/http-server.ts', /upwards/],
  ['src/edge/upgrade/x.ts', '../general/fastify.ts', /through thread/],
  ['src/edge/client/x.ts', '../upstream/dialer.ts', /sideways/],
  ['src/edge/h9/x.ts', '../message/fields.ts', /no folder edge\/h9/],
  ['src/edge/x.ts', './message/fields.ts', /no folder/],
])('the edge: %s imports %s', (path, specifier, problem) => {
  expect(wrongEdgeImports(importing(path, `import type { X } from '${specifier}';`))).toEqual([
    expect.stringMatching(problem),
  ]);
});

test.each([
  ['src/edge/thread/x.ts', '../wire/wire.ts'],
  ['src/edge/wire/client/x.ts', '../upstream/x.ts'],
  ['src/edge/ladder/x.ts', '../general/forwarder.ts'],
  ['src/edge/request/x.ts', '../../table/clock.ts'],
])('the edge: %s may import %s', (path, specifier) => {
  expect(wrongEdgeImports(importing(path, `import { x } from '${specifier}';`))).toEqual([]);
});

test('cycles are found through any number of files, types included, each once', () => {
  const a = importing('src/geo/a.ts', "import { b } from './b.ts';", "import { d } from './d.ts';");
  const b = importing('src/geo/b.ts', "import type { C } from '../table/c.ts';", "import { d } from './d.ts';");
  const c = importing('src/table/c.ts', "import { type A } from '../geo/a.ts';", "import { c } from './c.ts';");
  const d = importing('src/geo/d.ts', "import { readFileSync } from 'node:fs';");
  expect(importCycles([a, b, c, d])).toEqual([
    'src/geo/a.ts → src/geo/b.ts → src/table/c.ts → src/geo/a.ts',
    'src/table/c.ts → src/table/c.ts',
  ]);
  expect(importCycles([b, c, d])).toEqual(['src/table/c.ts → src/table/c.ts']);
});

test('rooms: a folder or a file that the plan does not have is none', () => {
  const paths = [
    'src/main.ts',
    'src/main/start.ts',
    'src/edge/wire/head.ts',
    'src/core/x.ts',
    'src/clock.ts',
    'src/geo.ts',
  ];
  expect(paths.map(rooms.roomOf)).toEqual(['main', 'main', 'edge', undefined, undefined, undefined]);
});

test.each([
  ['src/edge/fastify.ts', 'fastify', 0],
  ['src/edge/fastify-reply.ts', '@fastify/http-proxy', 1],
  ['src/edge/pipeline.ts', 'fastify', 1],
  ['src/observe/prometheus.ts', 'prom-client', 0],
  ['src/config/yaml/position.ts', 'yaml', 0],
  ['src/config/yaml.ts', 'lodash', 1],
  ['src/routing/score.ts', 'node:fs', 1],
  ['src/routing/score.ts', 'node:assert/strict', 0],
  ['src/edge/pipeline.ts', 'node:timers/promises', 1],
])('packages: %s imports %s', (path, specifier, problems) => {
  expect(rooms.wrongPackages(importing(path, `import { x } from '${specifier}';`))).toHaveLength(problems);
});

test.each([
  ['src/geo/x.ts', 'const at = Date.now();', 1],
  ['src/geo/x.ts', 'const at = new Date();', 1],
  ['src/geo/x.ts', 'const at = new Date(ms);', 0],
  ['src/geo/x.ts', '// Date.now() is for the clock', 0],
  ['src/geo/x.ts', 'const draw = Math.random;', 1],
  ['src/geo/x.ts', 'socket.setTimeout(5); timers.fetch(1);', 0],
  ['src/geo/x.ts', 'setTimeout(f, 5);', 1],
  ['src/geo/x.ts', 'AbortSignal.timeout(5); await fetch(url);', 2],
  ['src/geo/x.ts', "process.env['HOME']", 1],
  ['src/main.ts', "process.env['HOME']", 0],
  ['src/table/system-clock.ts', 'performance.now()', 0],
  ['src/edge/undici-forward.ts', 'setTimeout(f, 5)', 0],
])('outside: %s with %s', (path, line, problems) => {
  expect(rooms.wrongOutside(importing(path, line))).toHaveLength(problems);
});

test('what is exported has a comment', () => {
  const said = (...lines: string[]) => files.undocumented(importing('src/geo/a.ts', ...lines));
  expect(said('/** Why. */', 'export function a(): void {}')).toEqual([]);
  expect(said('/**', ' * Why.', ' */', 'export class A {}')).toEqual([]);
  expect(said('/** Why. */', 'export function a(): void;', 'export function a(n?: number): void {}')).toEqual([]);
  expect(said('', 'export async function a(): Promise<void> {}')).toEqual(['src/geo/a.ts:2 says nothing of a']);
  expect(said('const b = 1;', 'export class A {}', 'function own() {}')).toEqual(['src/geo/a.ts:2 says nothing of A']);
});

test('length, names and exports', () => {
  expect(files.tooLong(parseSource('src/geo/a.ts', '\n'.repeat(300)))).toEqual([]);
  expect(files.tooLong(parseSource('src/geo/a.ts', '\n'.repeat(301)))).toHaveLength(1);
  expect(files.median([5, 1, 9, 7])).toBe(5);
  expect(files.wrongExports(importing('src/a.ts', 'export default 1;', "export * from './b.ts';"))).toHaveLength(2);
  const wrong = ['src/geo/index.ts', 'src/geo/greatCircle.ts', 'src/geo/string-utils.ts', 'src/edge/pool-manager.ts'];
  expect(wrong.flatMap(files.wrongName)).toHaveLength(wrong.length);
  expect(files.wrongName('test/unit/geo/great-circle.laws.test.ts')).toEqual([]);
});

test('words that give themselves away', () => {
  const word = 'TO'.concat('DO');
  expect(files.unnumberedPromises('a.ts', `// ${word}: later\n// ${word} #12: later`)).toEqual([
    `a.ts:1 // ${word}: later`,
  ]);
  const folder = '/'.concat('work');
  expect(
    files.machinePaths('a.ts', `see ${folder}/main\nsee docs${folder}/a\nsee ..${'/'.concat('shared')}/b`),
  ).toHaveLength(2);
  expect(files.focused(importing('test/a.test.ts', 'test.'.concat("only('x', () => {});")))).toHaveLength(1);
  expect(files.focused(importing('test/a.test.ts', '// test.'.concat('only')))).toEqual([]);
});

test('metric names are literals that look like ours', () => {
  const source = importing('src/observe/a.ts', "f('meridian_up', 'requests_total', 'other'); // 'meridian_no'");
  expect(files.metricNames(source)).toEqual(['meridian_up', 'requests_total']);
});

test('the lock', () => {
  const lock = {
    packages: {
      'node_modules/a': {
        optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' },
        resolved: 'https://a.example/a',
      },
      'node_modules/a-linux': {},
    },
  };
  expect(missingPlatforms(lock)).toEqual(['node_modules/a wants a-mac']);
  expect(tiedToAddress(lock)).toEqual(['node_modules/a']);
});
