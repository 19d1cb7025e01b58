import { type FieldTable, parseFields } from '../../message/fields.ts';

/** Where the fields of a head are in its text. */
export type Fields = Pick<FieldTable, 'count' | 'at' | 'kinds'>;

/** The value of the first field with this lower-case name. */
export function firstIn(text: string, fields: Fields, name: string): string | undefined {
  const index = find(text, fields, name, 0);
  return index === -1 ? undefined : valueAt(text, fields, index);
}

/** All values of a field, joined as a list (RFC 9110 §5.3). */
export function joinedIn(text: string, fields: Fields, name: string): string | undefined {
  let joined: string | undefined;
  for (let i = find(text, fields, name, 0); i !== -1; i = find(text, fields, name, i + 1)) {
    const value = valueAt(text, fields, i);
    joined = joined === undefined ? value : `${joined}, ${value}`;
  }
  return joined;
}

function find(text: string, { count, at }: Fields, name: string, from: number): number {
  for (let i = from; i < count; i += 1) {
    const start = at[i * 4] as number;
    const end = at[i * 4 + 1] as number;
    if (end - start === name.length && text.slice(start, end).toLowerCase() === name) return i;
  }
  return -1;
}

function valueAt(text: string, { at }: Fields, index: number): string {
  return text.slice(at[index * 4 + 2], at[index * 4 + 3]);
}

/** Names that answers are kept for; those of the path are five, and the header of the service's own. */
export const NAMES_MAX = 16;

/** The fields of a head that comes again: what was asked of them is known the next time. */
export class KeptFields {
  readonly fields: Fields;
  readonly #text: string;
  readonly #firsts: Answers = { names: [], values: [] };
  readonly #joined: Answers = { names: [], values: [] };

  /** Reads them into `table`, and keeps them. */
  constructor(text: string, table: FieldTable) {
    const bytes = Buffer.from(text, 'latin1');
    parseFields(bytes, text.indexOf('\r\n') + 2, bytes.length, table);
    const { count, at, kinds } = table;
    this.fields = { count, at: at.slice(0, count * 4), kinds: kinds.slice(0, count) };
    this.#text = text;
  }

  first(name: string): string | undefined {
    const place = placeOf(this.#firsts, name);
    return place === -1 ? keep(this.#firsts, name, firstIn(this.#text, this.fields, name)) : this.#firsts.values[place];
  }

  joined(name: string): string | undefined {
    const place = placeOf(this.#joined, name);
    return place === -1
      ? keep(this.#joined, name, joinedIn(this.#text, this.fields, name))
      : this.#joined.values[place];
  }
}

type Answers = { readonly names: string[]; readonly values: (string | undefined)[] };

function placeOf({ names }: Answers, name: string): number {
  for (let i = 0; i < names.length; i += 1) if (names[i] === name) return i;
  return -1;
}

function keep({ names, values }: Answers, name: string, value: string | undefined): string | undefined {
  if (names.length === NAMES_MAX) return value;
  names.push(name);
  values.push(value);
  return value;
}
