import { FIELD_OVERHEAD_BYTES } from '../../frames/hpack/field.ts';
import { INDEXED_BYTES_MAX, OutField } from '../../frames/hpack/out-field.ts';
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

/** Lines that are remembered with the fields that they are; when there are more, they are forgotten. */
export const LINES_MAX = 1024;

/** The head of a request, as HTTP/2 says it. */
export type RequestFields = {
  readonly fields: readonly OutField[];
  /** Bytes of the body that follows, `IN_CHUNKS` when what follows is framed in chunks. */
  readonly length: number;
};

export const IN_CHUNKS = -1;

/** What a line of HTTP/1.1 becomes: one and the same object each time, by which the tables of all connections know it. */
const known = new Map<string, OutField>();
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
  const authority = { text: '' };
  const fields: OutField[] = [
    methodField(head.slice(0, methodEnd)),
    secure ? HTTPS : HTTP,
    NOTHING,
    new OutField(':path', head.slice(methodEnd + 1, head.lastIndexOf(' ', lineEnd))),
  ];
  let length = 0;
  let at = lineEnd + 2;
  for (;;) {
    const end = head.indexOf('\r\n', at);
    if (end <= at) break;
    const line = head.slice(at, end);
    at = end + 2;
    const field = known.get(line) ?? fieldOf(line);
    const kind = kindOfName(field.name);
    if (kind === HOST) authority.text = line;
    else if (kind === TRANSFER_ENCODING) length = IN_CHUNKS;
    else if (!isAboutConnection(kind)) {
      if (kind === CONTENT_LENGTH) length = Number(field.value);
      fields.push(field);
    }
  }
  fields[2] = authorityField(authority.text);
  return { fields, length };
}

/** Trailers of a request, as lines with their CRLF. */
export function trailerFields(lines: string): OutField[] {
  return lines.split('\r\n').filter(Boolean).map(fieldOf);
}

function isAboutConnection(kind: number): boolean {
  return kind === CONNECTION || kind === KEEP_ALIVE || kind === UPGRADE || kind === HOP_BY_HOP;
}

function methodField(method: string): OutField {
  const field = METHODS.get(method) ?? new OutField(':method', method);
  if (METHODS.size < LINES_MAX) METHODS.set(method, field);
  return field;
}

/** Its line is remembered as the field that it has become. */
function authorityField(line: string): OutField {
  const key = `:authority ${line}`;
  return known.get(key) ?? remember(key, new OutField(':authority', line.slice(line.indexOf(':') + 2)));
}

function fieldOf(line: string): OutField {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).toLowerCase();
  const value = line.slice(colon + 1).trim();
  // One connection carries the requests of many clients: what one of them is known by stays out of the tables (RFC 7541 §7.1.3).
  if (name === 'cookie') return new OutField(name, value, 'never');
  const field = new OutField(name, value);
  return field.indexing === 'indexed' ? remember(line, field) : field;
}

function remember(key: string, field: OutField): OutField {
  if (field.bytes > INDEXED_BYTES_MAX + FIELD_OVERHEAD_BYTES) return field;
  if (known.size >= LINES_MAX) known.clear();
  known.set(key, field);
  return field;
}

const NOTHING = new OutField(':authority', '');
