import { isBlank } from '../../message/blank.ts';
import { OutField } from './out-field.ts';

/** Fields that are remembered by their lines; when there are more, all are forgotten. */
export const LINES_MAX = 2048;
/** Longer lines are not remembered. */
export const LINE_CHARS_MAX = 512;

/** Makes the field of a line; the name is in lower case, and the value without white space at its ends. */
export type MakeField = (name: string, value: string) => OutField;

/**
 * The fields that lines of HTTP/1.1 become. A line that comes again gives the same object, by which the tables of all connections of a thread know
 * it. What is different each time, or secret, is made anew: it would only push others out.
 */
export class LineFields {
  readonly #known = new Map<string, OutField>();
  readonly #make: MakeField;

  constructor(make: MakeField = (name, value) => new OutField(name, value)) {
    this.#make = make;
  }

  /** The field of a line, which comes without its CRLF. */
  of(line: string): OutField {
    return this.#known.get(line) ?? this.#read(line);
  }

  #read(line: string): OutField {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const field = this.#make(name, line.slice(startOfValue(line, colon + 1), endOfValue(line)));
    if (field.indexing === 'indexed' && line.length <= LINE_CHARS_MAX) {
      if (this.#known.size >= LINES_MAX) this.#known.clear();
      this.#known.set(line, field);
    }
    return field;
  }
}

function startOfValue(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

function endOfValue(line: string): number {
  let at = line.length;
  while (isBlank(line.charCodeAt(at - 1))) at -= 1;
  return at;
}
