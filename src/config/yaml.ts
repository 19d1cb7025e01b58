import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { Path, Problem } from './problem.ts';

/** A line and column in the file, from 1. */
export type Position = { readonly line: number; readonly column: number };

/** The plain values of a YAML file, and where each of them stands. */
export type YamlFile = {
  readonly value: unknown;
  /**
   * Where the thing at a path is: a scalar or list item itself, a mapping or list by its key. A path that is not in the
   * file is looked for at its nearest parent that is. `key` asks for the key rather than the value.
   */
  readonly locate: (path: Path, part: 'key' | 'value') => Position;
};

/** Uses of an alias, multiplied by what it stands for; beyond this a small file could become a huge value. */
const ALIASES_MAX = 100;
/** Brackets inside of brackets; a configuration has three. */
const NESTED_MAX = 1000;

/** How to put right what the parser names by a code. */
const REMEDIES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation; use spaces',
  MULTIPLE_DOCS: 'there is a second YAML document here; a configuration is one document, so remove the "---" line',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply; a configuration needs no more than eight levels',
  NON_STRING_KEY: 'a key must be plain text, not a list or a mapping',
  BLOCK_AS_IMPLICIT_KEY: 'a second "key:" on this line; put it on a line of its own, or put the text in quotes',
  MISSING_CHAR: 'a quote, bracket or brace that was opened is not closed before here',
};

/** Reads one YAML 1.2 document. Never throws: whatever is wrong comes back as problems. */
export function readYaml(text: string): YamlFile | { readonly problems: readonly Problem[] } {
  if (nestsTooDeep(text)) return { problems: [notYaml(REMEDIES['RESOURCE_EXHAUSTION'] ?? '')] };
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      resolveKnownTags: false,
      logLevel: 'error',
      // The parser compares every key with every other; nodeProblems does it in one pass.
      uniqueKeys: false,
    });
    const problems = [...document.errors, ...document.warnings].map((error) => toProblem(error, lines));
    problems.push(...nodeProblems(document, lines));
    if (problems.length > 0) return { problems };
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    const locator = new Locator(document);
    return { value, locate: (path, part) => position(lines, locator.offsetOf(path, part)) };
  } catch (error) {
    return { problems: [notYaml(error instanceof Error ? error.message : String(error))] };
  }
}

function toProblem(error: YAMLError, lines: LineCounter): Problem {
  const variable = error.code === 'UNEXPECTED_TOKEN' && error.message.includes('flow-map-start');
  const hint = variable ? '; inside { } and [ ] a ${VAR} must be in quotes' : '';
  const message = REMEDIES[error.code] ?? error.message + hint;
  return { ...position(lines, error.pos[0]), path: '', message: `is not valid YAML: ${message}` };
}

/** What the parser lets through and a configuration cannot use: keys twice, aliases that lead nowhere or into themselves. */
function nodeProblems(document: Document.Parsed, lines: LineCounter): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (offset: number, message: string) => problems.push({ ...position(lines, offset), path: '', message });
  visit(document, {
    Alias(_, alias, parents) {
      const source = alias.resolve(document);
      const at = alias.range?.[0] ?? 0;
      if (source === undefined) add(at, `the alias *${alias.source} has no anchor &${alias.source} before it`);
      else if (parents.includes(source)) add(at, `the alias *${alias.source} is inside of what it stands for`);
    },
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = keyText(key);
        if (seen.has(name))
          add(rangeStart(key) ?? 0, `the key ${name} is already in this mapping; remove one of the two`);
        if (name === '__proto__') add(rangeStart(key) ?? 0, 'the key __proto__ is not allowed; choose another name');
        seen.add(name);
      }
    },
  });
  return problems;
}

/** Finds the nodes of paths; the keys of each mapping are looked up in an index once it has been asked for. */
class Locator {
  readonly #document: Document.Parsed;
  readonly #indexes = new Map<unknown, ReadonlyMap<string, Pair>>();

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  offsetOf(path: Path, part: 'key' | 'value'): number {
    let node: unknown = this.#document.contents;
    let offset = rangeStart(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const found = this.#stepInto(isAlias(node) ? node.resolve(this.#document) : node, step);
      if (found === undefined) return offset;
      node = found.value;
      const wantsKey = isCollection(node) || (part === 'key' && index === path.length - 1);
      offset = (wantsKey ? rangeStart(found.key) : undefined) ?? rangeStart(node) ?? rangeStart(found.key) ?? offset;
    }
    return offset;
  }

  /** The value at a key or index, and the node of the key where there is one. */
  #stepInto(node: unknown, step: string | number): { readonly key?: unknown; readonly value: unknown } | undefined {
    if (isSeq(node))
      return typeof step === 'number' && step < node.items.length ? { value: node.items[step] } : undefined;
    if (!isMap(node)) return undefined;
    const index = this.#indexes.get(node) ?? new Map(node.items.map((pair) => [keyText(pair.key), pair]));
    this.#indexes.set(node, index);
    return index.get(String(step));
  }
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

/**
 * The parser takes memory without bound for a nest of brackets or of `- - -`, which no configuration has. Brackets in
 * texts and comments are counted too: a thousand of them unclosed are no configuration either.
 */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const bracket of text.matchAll(/[[\]{}]/g)) {
    open = '[{'.includes(bracket[0]) ? open + 1 : Math.max(0, open - 1);
    if (open > NESTED_MAX) return true;
  }
  return new RegExp(`(?:[-?:][ \\t]+){${NESTED_MAX}}`).test(text);
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isCollection(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function position(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function notYaml(reason: string): Problem {
  const aliases = /alias count/i.test(reason)
    ? 'its aliases (*name) stand for too many values; write them out'
    : reason;
  return { line: 1, column: 1, path: '', message: `is not valid YAML: ${aliases}` };
}
