import { fieldKind } from './field-kind.ts';

/**
 * The grammar of header fields, strictly as RFC 9112 §5 has it:
 *
 *   field = token ":" OWS value OWS CRLF        value = *( VCHAR / obs-text / SP / HTAB )
 *
 * No line folding, no space before the colon, no bare CR, no empty name; a bare LF only where the table takes it. What is not this, is
 * not judged here. Only the bytes of a head are limited, not its fields.
 */
export const INCOMPLETE = 0;
export const UNUSUAL = -1;

/** Fields that there is room for at first; a head with more gets more room. */
export const FIELDS_ROOM = 128;

const CR = 13;
const LF = 10;
const COLON = 58;
const SP = 32;
const HTAB = 9;

/** tchar of RFC 9110 §5.6.2. */
export const TOKEN = classOf((code) => /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)));
/** Field values, and the reason of a status line. */
export const VALUE = classOf((code) => code === HTAB || (code >= SP && code !== 0x7f));
const BLANK = classOf((code) => code === SP || code === HTAB);

/** Where the fields of a head are in its bytes. One per thread and direction: what is in it is true until the next head. */
export class FieldTable {
  count = 0;
  /** Four numbers a field: where its name begins and ends, and where its value does, without white space around it. */
  at = new Int32Array(FIELDS_ROOM * 4);
  kinds = new Uint8Array(FIELDS_ROOM);
  /** Whether its lines cannot go on as they came: one ended in a bare LF, or whoever reads them says so. */
  anew = false;
  /** Whether a bare LF is taken for the end of a line (RFC 9112 §2.2 leaves it to the recipient). */
  readonly #takesLf: boolean;

  constructor(lineEnds: 'CRLF' | 'CRLF or LF' = 'CRLF') {
    this.#takesLf = lineEnds === 'CRLF or LF';
  }

  /** Makes room for twice as many fields. */
  grow(): void {
    const { at, kinds } = this;
    this.at = new Int32Array(at.length * 2);
    this.at.set(at);
    this.kinds = new Uint8Array(kinds.length * 2);
    this.kinds.set(kinds);
  }

  /** The offset after what ends a line here, or what is said of it. */
  endOfLine(bytes: Uint8Array, at: number, to: number): number {
    const end = endOfLine(bytes, at, to);
    if (end !== UNUSUAL || !this.#takesLf || bytes[at] !== LF) return end;
    this.anew = true;
    return at + 1;
  }
}

/**
 * Reads fields from `from` on, up to the empty line that ends them. Returns the offset after that line, `INCOMPLETE` when
 * the bytes end before it, or `UNUSUAL`.
 */
export function parseFields(bytes: Uint8Array, from: number, to: number, table: FieldTable): number {
  table.count = 0;
  let i = from;
  for (;;) {
    if (i >= to) return INCOMPLETE;
    if (bytes[i] === CR || bytes[i] === LF) return table.endOfLine(bytes, i, to);
    if (table.count === table.kinds.length) table.grow();
    i = parseField(bytes, i, to, table);
    if (i <= 0) return i;
  }
}

/** Reads one field with the end of its line into the table; returns the offset after it. */
function parseField(bytes: Uint8Array, from: number, to: number, table: FieldTable): number {
  const nameEnd = span(bytes, from, to, TOKEN);
  if (nameEnd === to) return INCOMPLETE;
  if (bytes[nameEnd] !== COLON || nameEnd === from) return UNUSUAL;
  const valueStart = span(bytes, nameEnd + 1, to, BLANK);
  const lineEnd = span(bytes, valueStart, to, VALUE);
  const plain = lineEnd + 1 < to && bytes[lineEnd] === CR && bytes[lineEnd + 1] === LF;
  const next = plain ? lineEnd + 2 : table.endOfLine(bytes, lineEnd, to);
  if (next <= 0) return next;
  let valueEnd = lineEnd;
  while (valueEnd > valueStart && BLANK[bytes[valueEnd - 1] as number] === 1) valueEnd -= 1;
  const { at } = table;
  const cell = table.count * 4;
  at[cell] = from;
  at[cell + 1] = nameEnd;
  at[cell + 2] = valueStart;
  at[cell + 3] = valueEnd;
  table.kinds[table.count] = fieldKind(bytes, from, nameEnd);
  table.count += 1;
  return next;
}

/** The offset of the first byte from `from` on that is not of this class, or `to`. */
export function span(bytes: Uint8Array, from: number, to: number, belongs: Uint8Array): number {
  let i = from;
  while (i < to && belongs[bytes[i] as number] === 1) i += 1;
  return i;
}

/** The offset after the CRLF that must be here. */
export function endOfLine(bytes: Uint8Array, at: number, to: number): number {
  if (at < to && bytes[at] !== CR) return UNUSUAL;
  if (at + 1 >= to) return INCOMPLETE;
  return bytes[at + 1] === LF ? at + 2 : UNUSUAL;
}

/** A class of bytes, to be looked up in. */
export function classOf(belongs: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (belongs(code) ? 1 : 0));
}

/** Whether the value of field `index` is this lower-case ASCII word, in any case. */
export function valueIs(bytes: Uint8Array, table: FieldTable, index: number, word: string): boolean {
  const from = table.at[index * 4 + 2] as number;
  if ((table.at[index * 4 + 3] as number) - from !== word.length) return false;
  for (let i = 0; i < word.length; i += 1) {
    const byte = bytes[from + i] as number;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lower !== word.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Whether the value of field `index` stands behind at most one space, with nothing between it and the end of its line: some read white
 * space that is there as part of it.
 */
export function isPlainlySpaced(bytes: Uint8Array, { at }: FieldTable, index: number): boolean {
  const blanks = (at[index * 4 + 2] as number) - (at[index * 4 + 1] as number) - 1;
  if (bytes[at[index * 4 + 3] as number] !== CR) return false;
  return blanks === 0 || (blanks === 1 && bytes[(at[index * 4 + 2] as number) - 1] === SP);
}

/** A length of bytes as the field says it: digits and nothing else, at most 15 of them behind zeros. -1 for anything else. */
export function lengthIn(bytes: Uint8Array, table: FieldTable, index: number): number {
  const to = table.at[index * 4 + 3] as number;
  let from = table.at[index * 4 + 2] as number;
  while (from < to - 1 && bytes[from] === ZERO) from += 1;
  if (to === from || to - from > 15) return -1;
  let length = 0;
  for (let i = from; i < to; i += 1) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length;
}

const ZERO = 0x30;

/** Whether a length is written without zeros before it, which some might read as octal. */
export function isShortest(bytes: Uint8Array, { at }: FieldTable, index: number): boolean {
  const from = at[index * 4 + 2] as number;
  return bytes[from] !== ZERO || (at[index * 4 + 3] as number) - from === 1;
}
