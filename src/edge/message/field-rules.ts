import type { FieldLine, FieldRules, FieldTemplate, MessageValue } from '../../config/topology-rules.ts';

/** What is put in for a value that a rule names; empty where it is not known. */
export type ValueOf = (value: MessageValue) => string;

/**
 * Header lines, each with its CRLF, as the rules have them: without those that are removed or replaced, and then what is set and added.
 * A field whose value comes out empty is not sent.
 */
export function ruledLines(lines: string, { remove, set, add }: FieldRules, valueOf: ValueOf): string {
  const names = remove.length + set.length === 0 ? undefined : goneNames(remove, set);
  const kept = names === undefined ? lines : withoutFields(lines, names);
  return kept + writtenLines(set, valueOf) + writtenLines(add, valueOf);
}

/** The lines of these fields, with what is to be put in. */
export function writtenLines(fields: readonly FieldLine[], valueOf: ValueOf): string {
  let lines = '';
  for (const { name, value } of fields) {
    const text = fieldValue(value, valueOf);
    if (text !== '') lines += `${name}: ${text}\r\n`;
  }
  return lines;
}

/** The value of a field. What comes from outside the file cannot end it: nothing that is no part of a value gets in (RFC 9110 §5.5). */
export function fieldValue(template: FieldTemplate, valueOf: ValueOf): string {
  let text = '';
  for (const part of template) text += typeof part === 'string' ? part : valueOf(part.of);
  return NOT_IN_VALUES.test(text) ? text.replaceAll(ALL_NOT_IN_VALUES, '').replace(BLANKS_AROUND, '') : text;
}

const NOT_IN_VALUES = /[^\t\x20-\x7e\x80-\xff]|^[\t ]|[\t ]$/;
const ALL_NOT_IN_VALUES = /[^\t\x20-\x7e\x80-\xff]+/g;
const BLANKS_AROUND = /^[\t ]+|[\t ]+$/g;

/** All lines but those of the fields with these names, which are in lower case. */
export function withoutFields(lines: string, names: ReadonlySet<string>): string {
  let kept = '';
  let run = 0;
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at) + 2;
    if (names.has(lines.slice(at, lines.indexOf(':', at)).toLowerCase())) {
      kept += lines.slice(run, at);
      run = end;
    }
    at = end;
  }
  return run === 0 ? lines : kept + lines.slice(run);
}

/** Rules are made once a topology, and asked for their names with every message. */
const GONE = new WeakMap<readonly string[], ReadonlySet<string>>();

function goneNames(remove: readonly string[], set: readonly FieldLine[]): ReadonlySet<string> {
  const known = GONE.get(remove);
  if (known !== undefined) return known;
  const names = new Set([...remove, ...set.map(({ name }) => name.toLowerCase())]);
  GONE.set(remove, names);
  return names;
}
