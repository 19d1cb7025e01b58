import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTopology } from '../src/config/load.ts';
import * as coverage from './tidy/coverage.ts';
import { importCycles } from './tidy/cycles.ts';
import { wrongEdgeImports } from './tidy/edge-floors.ts';
import * as files from './tidy/files.ts';
import { COVERED_ELSEWHERE, DOORS, LINES_MEDIAN_MAX, OUTSIDE } from './tidy/house.ts';
import { type Lock, missingPlatforms, tiedToAddress } from './tidy/lock.ts';
import * as rooms from './tidy/rooms.ts';
import { projectFiles, readSource } from './tidy/source.ts';

// Reads the tree and holds it to the plan in tidy/house.ts. Every rule returns the list of what is wrong; that each
// one can find something is shown in tidy/rules.test.ts.

const root = new URL('..', import.meta.url).pathname.replace(/\/$/, '');
const all = projectFiles(root);
const typescript = all.filter((path) => path.endsWith('.ts')).map((path) => readSource(root, path));
const src = typescript.filter(({ path }) => path.startsWith('src/'));
const house = typescript.filter(({ path }) => !path.endsWith('.config.ts'));
const prose = all.filter((path) => /\.(?:ts|js|json|md|ya?ml|sh|html|css)$|^\.ci\/|ockerfile|^\.\w+$/.test(path));
const text = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

test('there is something to look at', () => {
  expect(src.length).toBeGreaterThan(0);
  expect(Object.keys(OUTSIDE).every((outside) => DOORS.some(({ may }) => may.some((one) => one === outside)))).toBe(
    true,
  );
});

test('every source is in a room of the plan', () => {
  expect(src.map(({ path }) => path).filter((path) => rooms.roomOf(path) === undefined)).toEqual([]);
});

test('imports go down', () => {
  expect(src.flatMap((source) => rooms.wrongImports(source, all))).toEqual([]);
});

test('imports inside the edge go down, and no front knows another', () => {
  expect(src.flatMap(wrongEdgeImports)).toEqual([]);
});

test('no files import each other, types included', () => {
  expect(importCycles(src)).toEqual([]);
});

test('every exception from that is needed', () => {
  expect(rooms.idleSideways(src)).toEqual([]);
});

test('npm packages come in through their doors', () => {
  expect(src.flatMap(rooms.wrongPackages)).toEqual([]);
});

test('time, chance, timers, the network and the environment come in through their doors', () => {
  expect(src.flatMap(rooms.wrongOutside)).toEqual([]);
});

test('every source has a test, and every unit test a source', () => {
  expect(coverage.untested(src, all, COVERED_ELSEWHERE)).toEqual([]);
  expect(files.orphanTests(all)).toEqual([]);
  expect(coverage.idleCoverage(src, all, COVERED_ELSEWHERE)).toEqual([]);
});

test('a test that stands for sources elsewhere runs each of them', () => {
  expect(coverage.unreachedCoverage(typescript, COVERED_ELSEWHERE)).toEqual([]);
});

test('files are short, and half of them very short', () => {
  expect(house.flatMap(files.tooLong)).toEqual([]);
  expect(files.median(src.map(({ lines }) => lines))).toBeLessThanOrEqual(LINES_MEDIAN_MAX);
});

test('functions and classes that other files use have a comment', () => {
  expect(src.flatMap(files.undocumented)).toEqual([]);
});

test('no default exports and no barrels', () => {
  expect(house.flatMap(files.wrongExports)).toEqual([]);
});

test('file names say what is in them', () => {
  expect(typescript.flatMap(({ path }) => files.wrongName(path))).toEqual([]);
});

test('no test keeps the others from running', () => {
  expect(typescript.flatMap(files.focused)).toEqual([]);
});

test('what is put off has a number', () => {
  expect(prose.flatMap((path) => files.unnumberedPromises(path, text(path)))).toEqual([]);
});

test('no file names a folder of the machine it was written on', () => {
  expect(prose.flatMap((path) => files.machinePaths(path, text(path)))).toEqual([]);
});

test.skipIf(!existsSync(`${root}/docs/metrics.md`))('every metric is in docs/metrics.md', () => {
  const documented = new Set(text('docs/metrics.md').match(/\b[a-z][a-z0-9_]*\b/g));
  const named = src.filter(({ path }) => path.startsWith('src/observe/')).flatMap(files.metricNames);
  expect(named.filter((name) => !documented.has(name))).toEqual([]);
});

test.each(all.filter((path) => /^config\/[^/]+\.ya?ml$/.test(path)))('%s parses', async (path) => {
  const parsed = await loadTopology(`${root}/${path}`, {});
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
});

test('the lock holds every platform and no address', () => {
  const lock = JSON.parse(text('package-lock.json')) as Lock;
  expect(missingPlatforms(lock)).toEqual([]);
  expect(tiedToAddress(lock)).toEqual([]);
});
