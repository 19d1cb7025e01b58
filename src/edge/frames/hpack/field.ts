import { isBlank } from '../../message/blank.ts';
import { CONNECTION, kindOfName } from '../../message/field-kind.ts';
import { classOf, TOKEN, VALUE } from '../../message/fields.ts';

/** Which pseudo-header field a name is (RFC 9113 §8.3); `NO_PSEUDO` for an ordinary field, `UNKNOWN_PSEUDO` where the colon says nothing. */
export const NO_PSEUDO = 0;
export const METHOD = 1;
export const SCHEME = 2;
export const AUTHORITY = 3;
export const PATH = 4;
export const STATUS = 5;
export const PROTOCOL = 6;
export const UNKNOWN_PSEUDO = 7;

const PSEUDOS = ['', ':method', ':scheme', ':authority', ':path', ':status', ':protocol'];

/** What RFC 7541 §4.1 counts for a field beside its letters. */
export const FIELD_OVERHEAD_BYTES = 32;

/** The name of a field, judged once for all the fields that have it from a table. One character a byte. */
export class FieldName {
  readonly text: string;
  readonly pseudo: number;
  /** What a proxy has to know of it; see field-kind.ts. */
  readonly kind: number;
  /** Whether it is a token in lower case, or a pseudo-header field's name: anything else would be another thing in HTTP/1.1. */
  readonly sound: boolean;

  constructor(text: string) {
    this.text = text;
    this.sound = isSoundName(text);
    this.kind = kindOfName(text);
    const pseudo = text.startsWith(':') ? PSEUDOS.indexOf(text) : NO_PSEUDO;
    this.pseudo = pseudo === -1 ? UNKNOWN_PSEUDO : pseudo;
  }
}

/** A field as it was decoded. Those from a table are the same object each time, and so is what is made of them. */
export class Field {
  readonly name: FieldName;
  /** One character a byte. */
  readonly value: string;
  /** Whether name and value are what RFC 9113 §8.2.1 allows, and would be one line of HTTP/1.1. */
  readonly sound: boolean;
  /** Its line in HTTP/1.1, once somebody has asked for it. */
  #line = '';

  constructor(name: FieldName, value: string, soundValue = isSoundValue(value)) {
    this.name = name;
    this.value = value;
    this.sound = name.sound && soundValue;
  }

  /** Its size as tables and lists count it. */
  get bytes(): number {
    return this.name.text.length + this.value.length + FIELD_OVERHEAD_BYTES;
  }

  get line(): string {
    if (this.#line === '') this.#line = `${this.name.text}: ${this.value}\r\n`;
    return this.#line;
  }
}

/** No control characters but HTAB, and no white space at either end. `bytes` are the value's. */
export function isSound(bytes: Uint8Array, from: number, to: number): boolean {
  if (from === to) return true;
  for (let i = from; i < to; i += 1) if (VALUE[bytes[i] as number] !== 1) return false;
  return !isBlank(bytes[from] as number) && !isBlank(bytes[to - 1] as number);
}

function isSoundValue(value: string): boolean {
  const { length } = value;
  for (let i = 0; i < length; i += 1) if (VALUE[value.charCodeAt(i)] !== 1) return false;
  return length === 0 || !(isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(length - 1)));
}

function isSoundName(text: string): boolean {
  const start = text.startsWith(':') ? 1 : 0;
  for (let i = start; i < text.length; i += 1) if (LOWER_TOKEN[text.charCodeAt(i)] !== 1) return false;
  return text.length > start;
}

const LOWER_TOKEN = classOf((code) => TOKEN[code] === 1 && !(code >= 0x41 && code <= 0x5a));

/** Whether a field is about one connection, and has no place in HTTP/2 (RFC 9113 §8.2.2); `te` is another question. */
export function isConnectionSpecific({ kind, text }: FieldName): boolean {
  return kind === CONNECTION || SPECIFIC.has(text);
}

/** Names of fields that are about one connection of HTTP/1.1. */
export const SPECIFIC: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
