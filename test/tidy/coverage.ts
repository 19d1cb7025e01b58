import { dirname, join, matchesGlob } from 'node:path';
import type { Covered } from './house.ts';
import { isWithoutBehaviour, type Source } from './source.ts';

/** Sources in src/ that no test covers: `src/geo/estimate.ts` wants `test/unit/geo/estimate.test.ts`. */
export function untested(
  sources: readonly Source[],
  files: readonly string[],
  elsewhere: readonly Covered[],
): readonly string[] {
  return unmirrored(sources, files)
    .filter((path) => !elsewhere.some(({ src }) => matchesGlob(path, src)))
    .map((path) => `${path} has no ${stemOf(path)}.test.ts`);
}

/** Names in the coverage table whose test is gone, or that are gone, have mirrored tests by now, or nothing in them that can run. */
export function idleCoverage(
  sources: readonly Source[],
  files: readonly string[],
  elsewhere: readonly Covered[],
): readonly string[] {
  const open = unmirrored(sources, files);
  return elsewhere.flatMap(({ src, by }) =>
    spelledOut(src)
      .filter((name) => !files.includes(by) || !open.some((path) => matchesGlob(path, name)))
      .map((name) => `${name} by ${by}`),
  );
}

/** Names in the coverage table that their test cannot run: it neither imports them, over however many files, nor starts a process. */
export function unreachedCoverage(sources: readonly Source[], elsewhere: readonly Covered[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return elsewhere.flatMap(({ src, by }) => {
    const reached = reachedFrom(by, byPath);
    if (reached.some((path) => byPath.get(path)?.imports.some(({ specifier }) => specifier === 'node:child_process')))
      return [];
    return spelledOut(src)
      .filter((name) => !reached.some((path) => matchesGlob(path, name)))
      .map((name) => `${by} does not reach ${name}`);
  });
}

/** A glob without its braces: `a/{b,c/{d,e}}.ts` is `a/b.ts`, `a/c/d.ts` and `a/c/e.ts`. */
export function spelledOut(glob: string): readonly string[] {
  const innermost = /\{([^{}]*)\}/.exec(glob);
  if (innermost === null) return [glob];
  const [whole, names = ''] = innermost;
  const rest = glob.slice(innermost.index + whole.length);
  return [...new Set(names.split(',').flatMap((name) => spelledOut(glob.slice(0, innermost.index) + name + rest)))];
}

function reachedFrom(path: string, byPath: ReadonlyMap<string, Source>): readonly string[] {
  const reached = new Set([path]);
  for (const from of reached) {
    for (const { specifier, types } of byPath.get(from)?.imports ?? []) {
      const target = join(dirname(from), specifier);
      if (!types && specifier.startsWith('.') && byPath.has(target)) reached.add(target);
    }
  }
  return [...reached];
}

function unmirrored(sources: readonly Source[], files: readonly string[]): readonly string[] {
  return sources
    .filter((source) => source.path.startsWith('src/') && !isWithoutBehaviour(source))
    .map(({ path }) => path)
    .filter((path) => !files.some((file) => file.startsWith(`${stemOf(path)}.`) && file.endsWith('.test.ts')));
}

function stemOf(path: string): string {
  return path.replace(/^src\//, 'test/unit/').replace(/\.ts$/, '');
}
