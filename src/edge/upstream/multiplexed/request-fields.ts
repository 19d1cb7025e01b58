import { LineFields } from '../../frames/hpack/line-fields.ts';
import { OutField } from '../../frames/hpack/out-field.ts';
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
    const field = FIELDS.of(line);
    const kind = kindOfName(field.name);
    if (kind === HOST) fields[2] = AUTHORITIES.of(line);
    else if (kind === TRANSFER_ENCODING) length = IN_CHUNKS;
    else if (!isAboutConnection(kind)) {
      if (kind === CONTENT_LENGTH) length = Number(field.value);
      fields.push(field);
    }
  }
  return { fields, length };
}

/** Trailers of a request, as lines with their CRLF. */
export function trailerFields(lines: string): OutField[] {
  return lines
    .split('\r\n')
    .filter(Boolean)
    .map((line) => FIELDS.of(line));
}

function isAboutConnection(kind: number): boolean {
  return kind === CONNECTION || kind === KEEP_ALIVE || kind === UPGRADE || kind === HOP_BY_HOP;
}

function methodField(method: string): OutField {
  const field = METHODS.get(method) ?? new OutField(':method', method);
  if (METHODS.size < METHODS_MAX) METHODS.set(method, field);
  return field;
}

const NOTHING = new OutField(':authority', '');
