import { KnownLines, Said } from '../../frames/hpack/known-lines.ts';
import { LineFields } from '../../frames/hpack/line-fields.ts';
import { isChanging, OutField } from '../../frames/hpack/out-field.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  HOP_BY_HOP,
  HOST,
  KEEP_ALIVE,
  kindOfName,
  TRANSFER_ENCODING,
  UPGRADE,
} from '../../message/field-kind.ts';

/** Methods that are remembered with the fields that they are. */
export const METHODS_MAX = 1024;

/** The head of a request, as HTTP/2 says it. */
export type RequestFields = {
  readonly fields: readonly OutField[];
  /** Bytes of the body that follows, `IN_CHUNKS` when what follows is framed in chunks. */
  readonly length: number;
  /** Where the body begins, as far as it has come with the head. */
  readonly end: number;
};

export const IN_CHUNKS = -1;

const FIELDS = new LineFields();
const AUTHORITIES = new LineFields((_, value) => new OutField(':authority', value));
const METHODS = new Map<string, OutField>();
const HTTP = new OutField(':scheme', 'http');
const HTTPS = new OutField(':scheme', 'https');

/**
 * Reads a head that was written for HTTP/1.1, from its request line to its empty line (RFC 9113 §8.3.1): `Host` becomes `:authority`, names
 * lose their capitals, and what is about one connection of HTTP/1.1 is left out.
 */
export function requestFields(head: string, secure: boolean): RequestFields {
  const lineEnd = head.indexOf('\r\n');
  const methodEnd = head.indexOf(' ');
  const said = new Said();
  const { fields } = said;
  const target = head.slice(methodEnd + 1, head.lastIndexOf(' ', lineEnd));
  fields.push(methodField(head.slice(0, methodEnd)), secure ? HTTPS : HTTP, NOTHING, pathField(target));
  LINES.said(head, lineEnd + 2, said);
  fields[2] = said.authority ?? NOTHING;
  return { fields, length: said.length ?? 0, end: said.end + 2 };
}

const LINES = new KnownLines((line, said) => {
  const field = FIELDS.of(line);
  const kind = kindOfName(field.name);
  if (kind === HOST) said.authority = AUTHORITIES.of(line);
  else if (kind === TRANSFER_ENCODING) said.length = IN_CHUNKS;
  else if (!isAboutConnection(kind)) {
    said.fields.push(field);
    if (kind === CONTENT_LENGTH) {
      said.length = Number(field.value);
      return 'length';
    }
    if (isChanging(field.name)) return 'changing';
  }
  return 'same';
});

const TRAILERS = new KnownLines((line, { fields }) => {
  const field = FIELDS.of(line);
  fields.push(field);
  return isChanging(field.name) ? 'changing' : 'same';
});

/** Trailers of a request, as lines with their CRLF. */
export function trailerFields(lines: string): OutField[] {
  const said = new Said();
  TRAILERS.said(lines, 0, said);
  return said.fields;
}

function isAboutConnection(kind: number): boolean {
  return kind === CONNECTION || kind === KEEP_ALIVE || kind === UPGRADE || kind === HOP_BY_HOP;
}

let lastMethod = new OutField(':method', 'GET');
let lastPath = new OutField(':path', '/');

/** One that is the last again need not be looked up, which costs more than comparing. */
function methodField(method: string): OutField {
  if (method === lastMethod.value) return lastMethod;
  lastMethod = METHODS.get(method) ?? new OutField(':method', method);
  if (METHODS.size < METHODS_MAX) METHODS.set(method, lastMethod);
  return lastMethod;
}

function pathField(path: string): OutField {
  if (path !== lastPath.value) lastPath = new OutField(':path', path);
  return lastPath;
}

const NOTHING = new OutField(':authority', '');
