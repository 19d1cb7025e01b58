import { dirname, join } from 'node:path';
import type { Source } from './source.ts';

/**
 * Files that import each other, types included, each cycle once: `a → b → a`. A depth-first search over the imports: one that
 * leads back into the path that is being walked closes a cycle.
 */
export function importCycles(sources: readonly Source[]): readonly string[] {
  const targets = new Map(sources.map((source) => [source.path, targetsOf(source)]));
  const path: string[] = [];
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at !== -1) cycles.push([...path.slice(at), file].join(' → '));
    if (at !== -1 || done.has(file)) return;
    path.push(file);
    for (const target of targets.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of targets.keys()) visit(file);
  return cycles;
}

/** The files that a source imports. A file that it only names, to start a thread with, is none. */
function targetsOf({ path, imports }: Source): readonly string[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => join(dirname(path), specifier));
}
