import type { ConnectionFacts } from '../../client/connection-facts.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  HOST,
  KINDS_COUNT,
  MAX_FORWARDS,
  TE,
  TRANSFER_ENCODING,
  UPGRADE,
} from '../../message/field-kind.ts';
import {
  classOf,
  FieldTable,
  INCOMPLETE,
  isPlainlySpaced,
  isShortest,
  lengthIn,
  parseFields,
  span,
  TOKEN,
  UNUSUAL,
  valueIs,
} from '../../message/fields.ts';
import { type HeaderFields, Peer, type RequestHead } from '../../message/request-head.ts';
import { type Fields, firstIn, joinedIn, KeptFields } from './text-fields.ts';

type HeadFacts = Pick<ConnectionFacts, 'protocol' | 'address' | 'tlsVersion' | 'certificate'>;

/**
 * What the wire engine takes, in one pass over the bytes:
 *
 *   head    = method SP target SP "HTTP/1." %x31-39 CRLF *( field CRLF ) CRLF       fields: see fields.ts
 *   method  = 1*32 tchar, but for those of another grammar or another purpose: CONNECT, TRACE, PRI
 *   target  = "/" *( %x21-7E without "#" )                                   origin-form only
 *   Host    = exactly once: name, IPv4 or bracketed IPv6, with or without a port
 *   framing = nothing, one Content-Length of at most 15 digits, or exactly one "Transfer-Encoding: chunked"
 *   Connection = nothing, once "keep-alive" or once "close"; at most once "TE: trailers"; no Upgrade, no Expect
 *   Max-Forwards = nothing, where the method is OPTIONS
 *   size    <= 32 KiB (the caller's)
 *
 * Whatever is not plainly this is `UNUSUAL`: nobody says that it is wrong, the general engine looks at it.
 */
export class WireHead implements RequestHead, HeaderFields {
  method = '';
  target = '';
  host = '';
  /** What it is taken for: a minor version that nobody knows is spoken to as the highest that is known (RFC 9112 §2.3). */
  readonly version = '1.1';
  readonly protocol: 'http' | 'https';
  readonly peerAddress: string;
  readonly peer: Peer;
  /** Bytes of the body; -1 when it comes in chunks. */
  length = 0;
  /** Whether the client wants the connection closed after the answer. */
  close = false;
  /** Whether the client says that it takes trailers. */
  trailers = false;
  /** The whole head, one character a byte; offsets in the field table are offsets in it. */
  text = '';
  /** The field table is this head's as long as no other has been read. */
  readonly fields = this;
  /** Whether the request before had the very same head, byte for byte. */
  again = false;
  /** How it begins for its endpoint, as long as it is the same; see `requestHeadText`. */
  intro: Intro | undefined;
  #kept: KeptFields | undefined;

  constructor({ protocol, address, tlsVersion, certificate }: HeadFacts) {
    this.protocol = protocol;
    this.peerAddress = address;
    this.peer = new Peer(tlsVersion, certificate);
  }

  get hasBody(): boolean {
    return this.length !== 0;
  }

  /** Made anew each time; nothing on the usual way of a request asks for it. */
  get headers(): readonly string[] {
    const { count, at } = this.table();
    const list: string[] = [];
    for (let cell = 0; cell < count * 4; cell += 4) {
      list.push(this.text.slice(at[cell], at[cell + 1]), this.text.slice(at[cell + 2], at[cell + 3]));
    }
    return list;
  }

  first(name: string): string | undefined {
    return this.again ? this.#keptFields().first(name) : firstIn(this.text, this.table(), name);
  }

  joined(name: string): string | undefined {
    return this.again ? this.#keptFields().joined(name) : joinedIn(this.text, this.table(), name);
  }

  /** The fields of this head, read again if another head has been read since. */
  table(): Fields {
    return tableHead === this ? TABLE : this.#keptFields().fields;
  }

  /** It has been read anew. */
  renewed(): void {
    this.#kept = undefined;
    this.intro = undefined;
    this.again = false;
  }

  #keptFields(): KeptFields {
    if (this.#kept === undefined) {
      this.#kept = new KeptFields(this.text, TABLE);
      tableHead = undefined;
    }
    return this.#kept;
  }
}

/** One table for all heads of this thread, and the head whose fields are in it. */
const TABLE = new FieldTable();
let tableHead: WireHead | undefined;

/** The beginning of a request as one string, and what it was made for besides the head. */
export type Intro = Readonly<{ text: string; basePath: string; pseudonym: string; trustedPeer: boolean }>;

/**
 * Reads a request's head from `from` on into `head`. Returns the offset after it, `INCOMPLETE` when there is more to come, or
 * `UNUSUAL`; then `head` is not to be used.
 */
export function parseRequest(bytes: Buffer, from: number, to: number, head: WireHead): number {
  const method = methodAt(bytes, from, to);
  if (method === undefined) return isStart(bytes, from, to) ? INCOMPLETE : UNUSUAL;
  const targetStart = from + method.length + 1;
  if (targetStart < to && bytes[targetStart] !== SLASH) return UNUSUAL;
  const targetEnd = span(bytes, targetStart, to, TARGET);
  let i = targetEnd;
  for (let k = 0; k < VERSION_LINE.length; k += 1, i += 1) {
    if (i >= to) return INCOMPLETE;
    if (bytes[i] !== VERSION_LINE[k] && !(k === MINOR && isLaterMinor(bytes[i] as number))) return UNUSUAL;
  }
  const end = parseFields(bytes, i, to, TABLE);
  tableHead = undefined;
  if (end <= 0) return end;
  head.renewed();
  head.length = 0;
  head.close = false;
  head.trailers = false;
  head.method = method;
  const host = readFields(bytes, head);
  if (host === -1) return UNUSUAL;
  head.text = bytes.toString('latin1', from, end);
  if (from > 0) shift(from);
  tableHead = head;
  head.target = head.text.slice(targetStart - from, targetEnd - from);
  head.host = head.text.slice(TABLE.at[host * 4 + 2], TABLE.at[host * 4 + 3]);
  return end;
}

/** Takes what the fields say of framing and connection; returns which one is the Host, or -1 when anything is unusual. */
function readFields(bytes: Uint8Array, head: WireHead): number {
  let host = -1;
  let said = 0;
  for (let i = 0; i < TABLE.count; i += 1) {
    const kind = TABLE.kinds[i] as number;
    const once = ONCE[kind] as number;
    if (once === 0) continue;
    // Each of these may be said once; framing by one of its two fields.
    if ((said & once) !== 0 || !readField(bytes, i, kind, head)) return -1;
    said |= once;
    if (kind === HOST) host = i;
  }
  return host;
}

/** False when the field is unusual. */
function readField(bytes: Uint8Array, index: number, kind: number, head: WireHead): boolean {
  switch (kind) {
    case HOST:
      return isHost(bytes, index);
    case CONTENT_LENGTH:
      head.length = lengthIn(bytes, TABLE, index);
      return head.length >= 0 && isShortest(bytes, TABLE, index) && isPlainlySpaced(bytes, TABLE, index);
    case TRANSFER_ENCODING:
      // It is said anew to the endpoint, whatever white space there was around it.
      head.length = CHUNKED;
      return valueIs(bytes, TABLE, index, 'chunked');
    case CONNECTION:
      head.close = valueIs(bytes, TABLE, index, 'close');
      return head.close || valueIs(bytes, TABLE, index, 'keep-alive');
    case TE:
      head.trailers = valueIs(bytes, TABLE, index, 'trailers');
      return head.trailers;
    case MAX_FORWARDS:
      return head.method !== 'OPTIONS';
    default:
      return false;
  }
}

/** A bit for each thing that a head may say once, by the kind of the field; 0 for what does not matter here. */
const ONCE = Uint8Array.from({ length: KINDS_COUNT }, (_, kind) => {
  if (kind === HOST) return 1;
  if (kind === CONTENT_LENGTH || kind === TRANSFER_ENCODING) return 2;
  if (kind === CONNECTION) return 4;
  if (kind === TE) return 8;
  if (kind === MAX_FORWARDS) return 32;
  return kind === UPGRADE || kind === EXPECT ? 16 : 0;
});

/** The `length` of a body in chunks. */
export const CHUNKED = -1;

const SLASH = 47;
const TARGET = classOf((code) => code >= 0x21 && code <= 0x7e && code !== 0x23);
const VERSION_LINE = Buffer.from(' HTTP/1.1\r\n');
const MINOR = VERSION_LINE.length - 3;
const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const;
const METHOD_LINES = METHODS.map((method) => ({ method, letters: Buffer.from(`${method} `) }));
/** What the wire engine leaves to the general one: tunnels, what is answered at the last hop, and the preface of HTTP/2. */
const LEFT_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'PRI']);
/** Letters of a method; nobody has registered one of more than half as many. */
export const METHOD_BYTES_MAX = 32;

function isLaterMinor(byte: number): boolean {
  return byte >= 0x32 && byte <= 0x39;
}

/** The method, if there is one before a space; the usual ones need not be made a string each time. */
function methodAt(bytes: Buffer, from: number, to: number): string | undefined {
  for (const { method, letters } of METHOD_LINES) {
    let i = 0;
    while (i < letters.length && from + i < to && bytes[from + i] === letters[i]) i += 1;
    if (i === letters.length) return method;
  }
  const end = span(bytes, from, to, TOKEN);
  if (end === from || end === to || bytes[end] !== SP || end - from > METHOD_BYTES_MAX) return undefined;
  const method = bytes.toString('latin1', from, end);
  return LEFT_METHODS.has(method) ? undefined : method;
}

/** Whether the few bytes that there are could become a method. */
function isStart(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= METHOD_BYTES_MAX && span(bytes, from, to, TOKEN) === to;
}

/** Offsets in bytes become offsets in the head's own text. */
function shift(by: number): void {
  for (let cell = 0; cell < TABLE.count * 4; cell += 1) TABLE.at[cell] = (TABLE.at[cell] as number) - by;
}

/** `reg-name`, IPv4 or bracketed IPv6, with or without a port of up to five digits: the same as `request-intake.ts` takes. */
function isHost(bytes: Uint8Array, index: number): boolean {
  const from = TABLE.at[index * 4 + 2] as number;
  const to = TABLE.at[index * 4 + 3] as number;
  const end = bytes[from] === BRACKET ? endOfIp6(bytes, from, to) : span(bytes, from, to, NAME);
  if (end === from || end === to) return end === to && end !== from;
  return bytes[end] === COLON && to - end <= 6 && span(bytes, end + 1, to, DIGIT) === to;
}

/** The offset after a bracketed address, or `from` when it is none. */
function endOfIp6(bytes: Uint8Array, from: number, to: number): number {
  const end = span(bytes, from + 1, to, IP6);
  return end > from + 1 && end < to && bytes[end] === BRACKET_END ? end + 1 : from;
}

const SP = 32;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;
const DIGIT = classOf((code) => code >= 0x30 && code <= 0x39);
const NAME = classOf((code) => /[A-Za-z0-9._~!$&'()*+,;=-]/.test(String.fromCharCode(code)));
const IP6 = classOf((code) => /[0-9A-Fa-f:.]/.test(String.fromCharCode(code)));
