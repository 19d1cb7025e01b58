import { createHash } from 'node:crypto';

/*
 * A script names what it is given. Redis hands a script its arguments by position; here each has a name, which stands once, in a
 * list that the script and whoever calls it share: the script begins with a line that gives every argument its name, and the
 * caller says every argument by it. So neither counts positions, and neither can be changed without the other.
 *
 * Behind the single arguments come lists, each of items that have the same named parts. How many items a list has is said before
 * all of them.
 */

/** An argument as Redis takes it. */
export type Argument = string | number;

/** The names of the single arguments, and of the parts of each list's items. */
export type Shape<A extends string, L extends Lists> = { readonly args: readonly A[]; readonly lists: L };
type Lists = Readonly<Record<string, readonly string[]>>;

/** A script, its hash, and what it is to be given. */
export type Script<A extends string = string, L extends Lists = Lists> = {
  readonly text: string;
  readonly sha: string;
  readonly shape: Shape<A, L>;
};

/** What a script is given, by name. */
export type Given<A extends string, L extends Lists> = {
  readonly args: Readonly<Record<A, Argument>>;
  readonly lists: { readonly [K in keyof L]: readonly Readonly<Record<L[K][number], Argument>>[] };
};

/** The head of a loop over the items of a list, in which each part has its name. The script writes the `end`. */
export type Each<L extends Lists> = (list: keyof L & string) => string;

/** Makes a script of a text that finds its arguments under their names. */
export function script<const A extends string, const L extends Lists>(
  shape: Shape<A, L>,
  body: (each: Each<L>) => string,
): Script<A, L> {
  const text = `${preamble(shape)}\n${body((list) => loopOver(shape, list))}`;
  return { text, sha: createHash('sha1').update(text).digest('hex'), shape };
}

/** The arguments in the order in which the script names them. */
export function argumentsOf<A extends string, L extends Lists>(
  { args, lists }: Shape<A, L>,
  given: Given<A, L>,
): readonly string[] {
  const all: Argument[] = args.map((name) => given.args[name]);
  for (const list of Object.keys(lists)) all.push(given.lists[list]?.length ?? 0);
  for (const [list, parts] of Object.entries(lists)) {
    for (const item of given.lists[list] ?? []) {
      for (const part of parts) all.push((item as Readonly<Record<string, Argument>>)[part] as Argument);
    }
  }
  return all.map(String);
}

/** One line for the single arguments, and one for where each list begins and ends. */
function preamble({ args, lists }: Shape<string, Lists>): string {
  const lines: string[] = [];
  if (args.length > 0) lines.push(naming(args, (at) => `ARGV[${at + 1}]`));
  let first = `${args.length + Object.keys(lists).length + 1}`;
  for (const [at, [list, parts]] of Object.entries(lists).entries()) {
    lines.push(`local ${list}_first = ${first}`);
    lines.push(`local ${list}_last = ${list}_first + tonumber(ARGV[${args.length + at + 1}]) * ${parts.length} - 1`);
    first = `${list}_last + 1`;
  }
  return lines.join('\n');
}

function loopOver({ lists }: Shape<string, Lists>, list: string): string {
  const parts = lists[list] ?? [];
  const named = naming(parts, (at) => `ARGV[${list}_at + ${at}]`);
  return `for ${list}_at = ${list}_first, ${list}_last, ${parts.length} do\n${named}`;
}

function naming(names: readonly string[], place: (at: number) => string): string {
  return `local ${names.join(', ')} = ${names.map((_, at) => place(at)).join(', ')}`;
}
