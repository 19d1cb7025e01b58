/*
 * `admin.listen` of a file that is written as files are: a port is found without a YAML parser, whose loading costs a health check more than
 * all else that it does. What is not plainly one of the shapes below is left to the parser (`listen-in-file.ts`), which says the same
 * of these; a test holds the two against each other. Part of the entry, so old runtimes have to be able to read it too.
 */

type Env = { readonly [name: string]: string | undefined };

/** Larger files are left to the parser. */
const BYTES_MAX = 1024 * 1024;
/** A value in quotes without anything to undo in them, or one without quotes. */
const VALUE = `"[^"\\\\\\n]*"|'[^'\\n]*'|[A-Za-z0-9.:/][^\\s,{}[\\]"'#&*!|>%@\`]*`;
const PAIR = new RegExp(`^\\s*([a-z_]+):\\s+(${VALUE})\\s*(?:,|$)`);
const LINE = new RegExp(`^([a-z_]+):(?:\\s+(${VALUE}))?\\s*(?:\\s#.*)?$`);

/** The text of `admin.listen` in a file; undefined where it takes a parser, or more, to know. Never throws. */
export function plainListenIn(file: string, env: Env): string | undefined {
  const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > BYTES_MAX) return undefined;
    return plainListen(readFileSync(file, 'utf8'), env);
  } catch {
    return undefined;
  }
}

/** The same of a text. */
export function plainListen(text: string, env: Env): string | undefined {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#.*)?$/.test(line));
  // Documents, quoted keys, anchors and whatever else may stand there: not for us.
  const tops = lines.filter((line) => !line.startsWith(' '));
  if (tops.some((line) => !/^[a-z_]+:(?:\s|$)/.test(line))) return undefined;
  if (tops.filter((line) => line.startsWith('admin:')).length !== 1) return undefined;
  const at = lines.findIndex((line) => line.startsWith('admin:'));
  const rest = (lines[at] as string).slice('admin:'.length).trim();
  const value = rest === '' || rest.charAt(0) === '#' ? inBlock(lines.slice(at + 1)) : inBraces(rest);
  return value === undefined ? undefined : substituted(unquoted(value), env);
}

/** `{ listen: …, … }` on one line. */
function inBraces(rest: string): string | undefined {
  const match = /^\{(.*)\}(?:\s+#.*)?$/.exec(rest);
  const found: string[] = [];
  for (let left = match === null ? '?' : (match[1] as string); left.trim() !== ''; ) {
    const pair = PAIR.exec(left);
    if (pair === null) return undefined;
    if (pair[1] === 'listen') found.push(pair[2] as string);
    left = left.slice(pair[0].length);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** Lines that are indented alike, up to the next that is not indented; what is indented further belongs to one of them. */
function inBlock(after: readonly string[]): string | undefined {
  const end = after.findIndex((line) => !line.startsWith(' '));
  const block = end === -1 ? after : after.slice(0, end);
  const indent = block.length === 0 ? 0 : (block[0] as string).search(/\S/);
  const found: string[] = [];
  for (const line of block) {
    const column = line.search(/\S/);
    if (column > indent) continue;
    const match = column < indent ? null : LINE.exec(line.slice(column));
    if (match === null) return undefined;
    if (match[1] === 'listen' && match[2] === undefined) return undefined;
    if (match[1] === 'listen') found.push(match[2] as string);
  }
  return found.length === 1 ? found[0] : undefined;
}

function unquoted(value: string): string {
  return /^["']/.test(value) ? value.slice(1, -1) : value;
}

/** One variable that is the whole value; of those it may be made of in other ways, the parser's side knows. */
function substituted(value: string, env: Env): string | undefined {
  if (value.indexOf('$') === -1) return value;
  const match = /^\$\{([A-Z_][A-Z0-9_]*)(?::-([^${}]*))?\}$/.exec(value);
  if (match === null) return undefined;
  const held = env[match[1] as string];
  if (held !== undefined && held !== '') return held.indexOf('$') === -1 ? held : undefined;
  return match[2];
}
