import {
  CONNECTION,
  CONTENT_LENGTH,
  DATE,
  HOP_BY_HOP,
  KEEP_ALIVE,
  ORDINARY,
  TE,
  TRAILER,
  TRANSFER_ENCODING,
  UPGRADE,
  X_REQUEST_ID,
} from '../../message/field-kind.ts';
import {
  endOfLine,
  endsLine,
  FieldTable,
  INCOMPLETE,
  lengthIn,
  parseFields,
  span,
  UNUSUAL,
  VALUE,
  valueIs,
} from './fields.ts';

/**
 * What an endpoint may answer:
 *
 *   head    = ( "HTTP/1.1" / "HTTP/1.0" ) SP 3DIGIT [ SP reason ] CRLF *( field CRLF ) CRLF
 *   reason  = *( HTAB / SP / VCHAR / obs-text )
 *   framing = nothing, one Content-Length, or exactly one "Transfer-Encoding: chunked"
 *             and then no Content-Length and not HTTP/1.0
 *
 * Unlike a request, an answer that is anything else is nobody else's to judge: it is broken, and its connection with it.
 */
export class ResponseHead {
  status = 0;
  /** Bytes of the body by Content-Length; `UNTIL_CLOSE` without one, `CHUNKED` in chunks. */
  length = 0;
  /** Whether the endpoint lets the connection be used again. */
  keepAlive = true;
  /** How long the endpoint says that it keeps an idle connection, in ms; 0 when it does not say. */
  keepAliveMs = 0;
  /** What of the head goes to the client as it came: the reason, and the lines of the fields, each with its CRLF. */
  reason = '';
  lines = '';
  /** Whether there is a Date among the lines. */
  dated = false;
}

export const UNTIL_CLOSE = -2;
export const CHUNKED = -1;

const TABLE = new FieldTable();
/** Names that `Connection` nominated in the head now being read, in lower case. */
const NOMINATED = new Set<string>();

/**
 * Reads an answer's head from `from` on into `head`. Returns the offset after it, `INCOMPLETE`, or `UNUSUAL` for one that is
 * broken.
 */
export function parseResponse(bytes: Buffer, from: number, to: number, head: ResponseHead): number {
  const line = parseStatusLine(bytes, from, to, head);
  if (line <= 0) return line;
  const end = parseFields(bytes, line, to, TABLE);
  if (end <= 0) return end;
  const text = bytes.toString('latin1', from, end);
  return readFields(bytes, from, text, head) ? end : UNUSUAL;
}

function parseStatusLine(bytes: Buffer, from: number, to: number, head: ResponseHead): number {
  for (let i = 0; i < HTTP_1.length; i += 1) {
    if (from + i >= to) return INCOMPLETE;
    if (bytes[from + i] !== HTTP_1[i]) return UNUSUAL;
  }
  const at = from + HTTP_1.length;
  if (to - at < 6) return INCOMPLETE;
  const minor = digit(bytes[at]);
  head.status = digit(bytes[at + 2]) * 100 + digit(bytes[at + 3]) * 10 + digit(bytes[at + 4]);
  if (minor > 1 || bytes[at + 1] !== SP || head.status < 100 || head.status > 999) return UNUSUAL;
  head.keepAlive = minor === 1;
  const reasonStart = at + 5;
  if (bytes[reasonStart] !== SP && bytes[reasonStart] !== CR) return UNUSUAL;
  const reasonEnd = span(bytes, reasonStart, to, VALUE);
  head.reason = reasonText(bytes, reasonStart + 1, reasonEnd);
  return endOfLine(bytes, reasonEnd, to);
}

/** Nearly always it is `OK`, which need not be made a string each time. */
function reasonText(bytes: Buffer, from: number, to: number): string {
  if (to - from === 2 && bytes[from] === 0x4f && bytes[from + 1] === 0x4b) return 'OK';
  return to > from ? bytes.toString('latin1', from, to) : '';
}

/** Takes framing and connection from the fields, and gathers the lines that go on. False when they contradict each other. */
function readFields(bytes: Buffer, base: number, text: string, head: ResponseHead): boolean {
  const oldProtocol = !head.keepAlive;
  head.length = UNTIL_CLOSE;
  head.keepAliveMs = 0;
  head.dated = false;
  // Clearing a set makes a new table for it, even when there is nothing in it.
  if (NOMINATED.size > 0) NOMINATED.clear();
  for (let i = 0; i < TABLE.count; i += 1) {
    const kind = TABLE.kinds[i] as number;
    if (kind === ORDINARY) continue;
    if (kind === CONTENT_LENGTH && !readLength(bytes, i, head)) return false;
    if (kind === TRANSFER_ENCODING && (oldProtocol || !readCoding(bytes, i, head))) return false;
    if (kind === DATE) head.dated = true;
    else if (kind === CONNECTION && valueIs(bytes, TABLE, i, 'keep-alive')) head.keepAlive = true;
    else if (kind === CONNECTION) readConnection(valueOf(text, base, i), head);
    else if (kind === KEEP_ALIVE) head.keepAliveMs = timeoutIn(valueOf(text, base, i));
  }
  head.lines = linesThatGoOn(base, text, head);
  return true;
}

/** A 426 must name the protocols that its sender would speak (RFC 9110 §15.5.22); in any other answer they are of no use to the client. */
const UPGRADE_REQUIRED = 426;

/** In as few pieces as can be: nearly always one or two. */
function linesThatGoOn(base: number, text: string, { length, status }: ResponseHead): string {
  // Only behind chunks there can be trailers to announce.
  const trailing = length === CHUNKED && status !== 204 && status !== 304;
  let lines = '';
  let before = '';
  let run = -1;
  for (let i = 0; i < TABLE.count; i += 1) {
    const kind = TABLE.kinds[i] as number;
    const start = (TABLE.at[i * 4] as number) - base;
    const goes =
      kind === UPGRADE
        ? status === UPGRADE_REQUIRED
        : (kind === TRAILER ? trailing : goesOn(kind)) && !isNominated(text, base, i, kind);
    if (goes && kind === UPGRADE) before = 'Connection: Upgrade\r\n';
    if (goes && run === -1) run = start;
    else if (!goes && run !== -1) {
      lines += text.slice(run, start);
      run = -1;
    }
  }
  return before + (run === -1 ? lines : lines + text.slice(run, text.length - 2));
}

/** With `Transfer-Encoding` there must be no length, and no other coding than this one. */
function readCoding(bytes: Buffer, index: number, head: ResponseHead): boolean {
  if (head.length !== UNTIL_CLOSE || !valueIs(bytes, TABLE, index, 'chunked')) return false;
  if (!endsLine(bytes, TABLE, index)) return false;
  head.length = CHUNKED;
  return true;
}

function readLength(bytes: Buffer, index: number, head: ResponseHead): boolean {
  const length = lengthIn(bytes, TABLE, index);
  if (length < 0 || head.length !== UNTIL_CLOSE) return false;
  head.length = length;
  return true;
}

function readConnection(value: string, head: ResponseHead): void {
  for (const token of value.toLowerCase().split(',')) {
    const name = token.trim();
    if (name === 'close') head.keepAlive = false;
    else if (name === 'keep-alive') head.keepAlive = true;
    else if (name !== '') NOMINATED.add(name);
  }
}

function goesOn(kind: number): boolean {
  switch (kind) {
    case CONNECTION:
    case KEEP_ALIVE:
    case TRANSFER_ENCODING:
    case UPGRADE:
    case TE:
    case X_REQUEST_ID:
    case HOP_BY_HOP:
      return false;
    default:
      return true;
  }
}

function isNominated(text: string, base: number, index: number, kind: number): boolean {
  if (NOMINATED.size === 0 || kind === CONTENT_LENGTH) return false;
  const at = TABLE.at;
  return NOMINATED.has(
    text.slice((at[index * 4] as number) - base, (at[index * 4 + 1] as number) - base).toLowerCase(),
  );
}

/** The values of every field with this lower-case name in the head that was read last, from the same bytes. */
export function valuesOfLast(bytes: Buffer, name: string): string[] {
  const found: string[] = [];
  for (let cell = 0; cell < TABLE.count * 4; cell += 4) {
    const at = TABLE.at;
    if (bytes.toString('latin1', at[cell], at[cell + 1]).toLowerCase() !== name) continue;
    found.push(bytes.toString('latin1', at[cell + 2], at[cell + 3]));
  }
  return found;
}

function valueOf(text: string, base: number, index: number): string {
  return text.slice((TABLE.at[index * 4 + 2] as number) - base, (TABLE.at[index * 4 + 3] as number) - base);
}

/** `timeout=5` of a Keep-Alive, in ms. */
function timeoutIn(value: string): number {
  const seconds = /(?:^|[,;\s])timeout=(\d{1,6})(?:$|[,;\s])/i.exec(value)?.[1];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}

/** 1000 for what is none, which makes any status impossible. */
function digit(byte: number | undefined): number {
  const value = (byte ?? 0) - 0x30;
  return value >= 0 && value <= 9 ? value : 1000;
}

const CR = 13;
const SP = 32;
const HTTP_1 = Buffer.from('HTTP/1.');
