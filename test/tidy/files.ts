import { basename } from 'node:path';
import { EMPTY_NAMES, LINES_MAX } from './house.ts';
import type { Source } from './source.ts';

/** Tests in test/unit that mirror no source any more. */
export function orphanTests(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => /^test\/unit\/.*\.test\.ts$/.test(file))
    .filter(
      (file) => !files.includes(file.replace(/^test\/unit\//, 'src/').replace(/(?:\.[\w-]+)?\.test\.ts$/, '.ts')),
    );
}

export function tooLong(source: Source): readonly string[] {
  const most = Object.entries(LINES_MAX).find(([folder]) => source.path.startsWith(folder))?.[1];
  if (most === undefined || source.lines <= most) return [];
  return [`${source.path} has ${source.lines} lines of at most ${most}`];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** Functions and classes that other files use and nothing is said of. Of overloads, the first has the comment for all. */
export function undocumented({ path, text }: Source): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const name = /^export (?:async )?(?:function|class) (\w+)/.exec(line)?.[1];
    const before = lines[at - 1] ?? '';
    if (name === undefined || before.trimEnd().endsWith('*/')) return [];
    return new RegExp(`^export (?:async )?function ${name}\\b`).test(before)
      ? []
      : [`${path}:${at + 1} says nothing of ${name}`];
  });
}

/** Default exports and barrels: what has one name has one home. */
export function wrongExports(source: Source): readonly string[] {
  const again = source.imports.filter((entry) => entry.again);
  return [
    ...(/^export default\b/m.test(source.code) ? [`${source.path} has a default export`] : []),
    ...again.map(({ line, specifier }) => `${source.path}:${line} exports again from ${specifier}`),
  ];
}

export function wrongName(path: string): readonly string[] {
  const name = basename(path, '.ts').replace(/\.test$/, '');
  if (name === 'index') return [`${path}: a barrel by name`];
  if (!/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name)) return [`${path} is not in kebab-case`];
  return EMPTY_NAMES.test(name) ? [`${path}: the name says nothing`] : [];
}

/** A test that keeps all others from running. */
export function focused(source: Source): readonly string[] {
  return /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.only\b/.test(source.code)
    ? [`${source.path} runs one test only`]
    : [];
}

// Written apart so that this file does not find itself.
const PUT_OFF = ['TO'.concat('DO'), 'FIX'.concat('ME'), 'X'.concat('XX'), 'HA'.concat('CK')];
const PROMISES = new RegExp(`\\b(?:${PUT_OFF.join('|')})\\b(?!\\s*\\(?#\\d)`);
const MACHINE = new RegExp('(?:^|[^\\w.-])(?:/work'.concat('/|\\.\\./shared', '\\b)'));

/** Lines of any text file that put something off without saying where it is kept. */
export function unnumberedPromises(path: string, text: string): readonly string[] {
  return matchingLines(path, text, PROMISES);
}

/** Lines of any text file that name a folder of the machine they were written on. */
export function machinePaths(path: string, text: string): readonly string[] {
  return matchingLines(path, text, MACHINE);
}

function matchingLines(path: string, text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : []));
}

/** Metric names in a source: string literals that look like one of ours, or like one of the five published ones. */
export function metricNames(source: Source): readonly string[] {
  const literals = source.text.matchAll(/(['"`])([a-z][a-z0-9_]*)\1/g);
  return [...literals]
    .filter((match) => source.code.charAt(match.index) === match[1])
    .map((match) => match[2] ?? '')
    .filter((name) => name.startsWith('meridian_') || PUBLISHED.includes(name));
}

const PUBLISHED: readonly string[] = [
  'requests_total',
  'request_duration_seconds',
  'endpoint_health_score',
  'replication_lag_seconds',
  'failovers_total',
];
