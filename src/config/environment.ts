import { isMessageValue, unknownValue } from './field-template.ts';
import type { Fault } from './kind.ts';
import { ownEntry } from './own-entry.ts';
import type { Path } from './problem.ts';

/**
 * `${…}` in the values of a file that is already parsed, so that nothing a variable holds can become YAML:
 *
 *   `${VAR}`            what VAR holds; unset is a fault
 *   `${VAR:-default}`   the default when VAR is unset or empty; the default may hold `${…}` again
 *   `${VAR:?message}`   a fault with that message when VAR is unset or empty
 *   `${file:/path}`     what the file holds, without the line end at its end
 *   `$${`               a plain `${`
 *
 * In header rules of a service, `${client.address}` and the like stay: they are put in when there is a message.
 *
 * A value that comes out of this as a number or as true or false becomes one, as it would in YAML. Keys are left alone.
 */
export type Sources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Returns the text of a file, or throws. */
  readonly readFile: (path: string) => string;
};

/** Where names of a message's values may stand. */
function inHeaders(path: Path): boolean {
  return path[0] === 'services' && path[2] === 'headers';
}

/** `stays`: what is left for others to put in. */
type Within = Sources & { readonly stays?: (inside: string) => boolean };

export type Substituted = {
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Values that were made from variables, by `JSON.stringify(path)`. */
  readonly made: ReadonlyMap<string, MadeText>;
};

/** `text` is what was put in before it was taken for a number; `secret` says that a file was read for it. */
export type MadeText = { readonly text: string; readonly secret: boolean };

/** A secret is a line; whatever is larger is the wrong file. */
const FILE_MAX = 64 * 1024;
/** Defaults inside of defaults. */
const DEPTH_MAX = 8;

/** Puts variables and files into every text of a value. */
export function substitute(value: unknown, sources: Sources): Substituted {
  const faults: Fault[] = [];
  const made = new Map<string, MadeText>();
  const walk = (node: unknown, path: Path): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    if (typeof node === 'object' && node !== null) {
      return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, walk(item, [...path, name])]));
    }
    if (typeof node !== 'string' || !node.includes('${')) return node;
    const result = expand(node, inHeaders(path) ? { ...sources, stays: isMessageValue } : sources, 0);
    faults.push(...result.faults.map((message) => ({ path, message })));
    made.set(JSON.stringify(path), { text: result.text, secret: result.secret });
    return retyped(result.text);
  };
  return { value: walk(value, []), faults, made };
}

type Expanded = { text: string; secret: boolean; faults: string[] };

function expand(text: string, sources: Within, depth: number): Expanded {
  const result: Expanded = { text: '', secret: false, faults: [] };
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    if (open < 0) break;
    const escaped = open > at && text[open - 1] === '$';
    result.text += text.slice(at, escaped ? open - 1 : open);
    const close = escaped ? open + 1 : closing(text, open + 2);
    if (escaped) result.text += '${';
    else if (close < 0)
      return { ...result, faults: [...result.faults, 'has a "${" without its "}"; write "$${" for a plain "${"'] };
    else add(result, variable(text.slice(open + 2, close), sources, depth));
    at = close + 1;
  }
  result.text += text.slice(at);
  return result;
}

function add(result: Expanded, part: Expanded): void {
  result.text += part.text;
  result.secret ||= part.secret;
  result.faults.push(...part.faults);
}

/** What stands between the braces. */
function variable(inside: string, sources: Within, depth: number): Expanded {
  if (sources.stays?.(inside) === true) return { text: `\${${inside}}`, secret: false, faults: [] };
  if (inside.startsWith('file:')) return fromFile(inside.slice('file:'.length), sources);
  const match = /^([A-Za-z_]\w*)(?::([-?])([^]*))?$/.exec(inside);
  if (match === null) return failed(unreadable(inside.slice(0, 64), sources));
  const [, name = '', operator, rest = ''] = match;
  const held = ownEntry(sources.env, name);
  if (held !== undefined && (held !== '' || operator === undefined)) return { text: held, secret: false, faults: [] };
  if (operator === '?') return failed(`needs the environment variable ${name}: ${rest || 'it is unset or empty'}`);
  if (operator === undefined) {
    return failed(`needs the environment variable ${name}, which is not set; set it, or write \${${name}:-default}`);
  }
  if (depth >= DEPTH_MAX) return failed(`has defaults inside of defaults more than ${DEPTH_MAX} deep`);
  return expand(rest, sources, depth + 1);
}

function unreadable(inside: string, { stays }: Within): string {
  if (stays !== undefined) return unknownValue(inside);
  return `has "\${${inside}}", which is not one of \${VAR}, \${VAR:-default}, \${VAR:?message} and \${file:/path}`;
}

function fromFile(path: string, sources: Sources): Expanded {
  if (path === '') return failed('has "${file:}" without a path; write ${file:/run/secrets/name}');
  try {
    const text = sources.readFile(path).replace(/\r?\n$/, '');
    if (text.length > FILE_MAX) return failed(`reads ${path}, which is larger than 64KiB; is it the right file?`);
    return { text, secret: true, faults: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(`cannot read the file ${path}: ${reason}`);
  }
}

function failed(message: string): Expanded {
  return { text: '', secret: false, faults: [message] };
}

/** The index of the brace that closes one opened before `from`, skipping over nested `${…}`; -1 when there is none. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('${', at)) open += 1;
    if (text[at] === '}') open -= 1;
    if (open === 0) return at;
  }
  return -1;
}

/** As the core schema of YAML 1.2 reads plain scalars; an empty text stays a text, as `"${TOKEN:-}"` means it. */
function retyped(text: string): unknown {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[\da-fA-F]+$/.test(text)) return Number(text);
  return text;
}
