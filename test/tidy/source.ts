import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { blankOut } from './blank-out.ts';

/** One TypeScript file. `code` is `text` with comments and the insides of strings blanked: same length, same lines. */
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly code: string;
  readonly lines: number;
  readonly imports: readonly Import[];
};

export type Import = {
  readonly specifier: string;
  readonly line: number;
  /** `import type …`, or an import in which every name is marked as a type. */
  readonly types: boolean;
  /** `export … from`. */
  readonly again: boolean;
};

/** Every file of the project that git tracks or would, relative to `root`, sorted. */
export function projectFiles(root: string): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = listed.toString('utf8').split('\0').filter(Boolean);
  return [...new Set(paths)].filter((path) => existsSync(`${root}/${path}`)).sort();
}

export function readSource(root: string, path: string): Source {
  return parseSource(path, readFileSync(`${root}/${path}`, 'utf8'));
}

export function parseSource(path: string, text: string): Source {
  const code = blankOut(text);
  return { path, text, code, lines: text.split('\n').length - 1, imports: importsOf(text, code) };
}

/** True when nothing in the file can run: types, and constants without a function in them. */
export function isWithoutBehaviour(source: Source): boolean {
  const running = blankOut(stripTypeScriptTypes(source.text));
  return !/=>|\bfunction\b|\bclass\b|\bnew\b/.test(running);
}

const STATIC = /^[ \t]*(import|export)\b(\s+type\b)?([^;'"()=]*?\bfrom)?\s*(['"])/gm;
const CALLED = /\b(?:import|require|new URL)\s*\(\s*(['"])/g;

function importsOf(text: string, code: string): readonly Import[] {
  const found: Import[] = [];
  for (const match of code.matchAll(STATIC)) {
    const [whole, keyword, type, clause = ''] = match;
    if (keyword === 'export' && clause === '') continue;
    const types = type !== undefined || everyNameIsAType(clause);
    found.push({ ...quoted(text, match.index + whole.length), types, again: keyword === 'export' });
  }
  for (const match of code.matchAll(CALLED)) {
    const { specifier, line } = quoted(text, match.index + match[0].length);
    if (match[0].startsWith('new') && !/^\.{1,2}\/.*\.ts$/.test(specifier)) continue;
    found.push({ specifier, line, types: false, again: false });
  }
  return found;
}

/** The string whose first character is at `at`, just behind its opening quote. */
function quoted(text: string, at: number): { readonly specifier: string; readonly line: number } {
  const end = text.indexOf(text.charAt(at - 1), at);
  return { specifier: text.slice(at, end), line: text.slice(0, at).split('\n').length };
}

function everyNameIsAType(clause: string): boolean {
  const names = /^\s*\{([^}]*)\}/.exec(clause)?.[1];
  if (names === undefined) return false;
  return names.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}
