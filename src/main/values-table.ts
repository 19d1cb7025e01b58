import type { ShownValue } from '../fleet/values/shown-value.ts';
import { textTable } from './text-table.ts';

/** Characters of a value that a line shows. */
const SHOWN_MAX = 60;

/** A value for scripts: a text as it is, anything else as JSON. */
export function valueText({ value }: ShownValue): string {
  return `${typeof value === 'string' ? value : JSON.stringify(value)}\n`;
}

/** What became of an order. */
export function writtenText(answer: ShownValue & { readonly stored: string; readonly trouble?: string }): string {
  const { key, deleted, etag, stored, trouble = '' } = answer;
  const lines = [`${key} is ${deleted ? 'deleted' : short(answer)}, version ${etag}: ${WHERE[stored] ?? stored}.`];
  if (stored === 'here')
    lines.push(`Not yet stored${trouble === '' ? '' : `: ${trouble}`}. It is tried again until it is.`);
  return `${[...lines, ...conflictLines(answer)].join('\n')}\n`;
}

const WHERE: Readonly<Record<string, string>> = {
  most: 'most regions have it',
  primary: 'the region of this edge has it, and the others get it',
  here: 'in force on this edge',
  alone: 'on this edge only, which is alone',
};

/** All values as people read them, one a line. */
export function valuesTable(values: readonly ShownValue[]): string {
  if (values.length === 0) return 'There are no values.\n';
  const rows = values.map((one) => [
    one.key,
    short(one),
    one.consistency,
    one.etag,
    `${one.actor}@${one.edge}`,
    one.writtenAt,
    one.conflicts === undefined ? '' : `${one.conflicts.length} side by side, by ${one.merge}`,
  ]);
  return textTable([['KEY', 'VALUE', 'CONSISTENCY', 'VERSION', 'BY', 'WRITTEN', 'CONFLICT'], ...rows]);
}

/** One change. */
export function valueLine(one: ShownValue): string {
  return `${one.writtenAt} ${one.key} ${one.deleted ? 'deleted' : short(one)} by ${one.actor}@${one.edge}\n`;
}

function conflictLines({ conflicts = [], merge }: ShownValue): readonly string[] {
  if (conflicts.length === 0) return [];
  const each = conflicts.map(({ edge, value, deleted }) => `${edge}: ${deleted ? 'deleted' : JSON.stringify(value)}`);
  return [`It was written side by side (${merge} holds): ${each.join(', ')}`];
}

function short({ value }: ShownValue): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
