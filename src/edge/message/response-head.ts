import {
  CONNECTION,
  CONTENT_LENGTH,
  DATE,
  goesToClient,
  KEEP_ALIVE,
  ORDINARY,
  TRAILER,
  TRANSFER_ENCODING,
  UPGRADE,
} from './field-kind.ts';
import {
  FieldTable,
  INCOMPLETE,
  isPlainlySpaced,
  isShortest,
  lengthIn,
  parseFields,
  span,
  UNUSUAL,
  VALUE,
  valueIs,
} from './fields.ts';

/**
 * What an endpoint may answer, on both engines:
 *
 *   head    = "HTTP/1." DIGIT SP 3DIGIT [ SP reason ] EOL *( field EOL ) EOL        EOL = [ CR ] LF
 *   reason  = *( HTAB / SP / VCHAR / obs-text )
 *   framing = nothing, one Content-Length, the same one again, or exactly one "Transfer-Encoding: chunked"
 *             and then no Content-Length and not HTTP/1.0
 *
 * A request that is anything else goes to the general engine; an answer that is, is broken, and its connection with it. What is
 * taken and is not quite as it should be (a bare LF, a length that is said again or is spaced oddly) is written anew.
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
  /** The protocols that it switches to, or would: `Upgrade`, where `Connection` names it; empty otherwise. */
  upgrade = '';
  /** Whether it is an answer of gRPC, whose real status is in `grpc-status`: in the head, or behind the body. */
  grpc = false;
  /** Whether the one before was the very same, byte for byte. */
  again = false;
  /** What a front has made of it for its clients, as long as it is the same; see `responseHeadText`. */
  intro = '';
}

export const UNTIL_CLOSE = -2;
export const CHUNKED = -1;

const TABLE = new FieldTable('CRLF or LF');
/** Names that `Connection` nominated in the head now being read, in lower case. */
const NOMINATED = new Set<string>();

/**
 * Reads an answer's head from `from` on into `head`. Returns the offset after it, `INCOMPLETE`, or `UNUSUAL` for one that is
 * broken.
 */
export function parseResponse(bytes: Buffer, from: number, to: number, head: ResponseHead): number {
  TABLE.anew = false;
  head.again = false;
  head.intro = '';
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
  if (minor > 9 || bytes[at + 1] !== SP || head.status < 100 || head.status > 999) return UNUSUAL;
  // A minor version that nobody knows is spoken to as the highest that is known (RFC 9112 §2.3).
  head.keepAlive = minor > 0;
  const reasonStart = at + 5;
  const after = bytes[reasonStart];
  if (after !== SP && after !== CR && after !== LF) return UNUSUAL;
  const reasonEnd = span(bytes, reasonStart, to, VALUE);
  head.reason = reasonText(bytes, reasonStart + 1, reasonEnd);
  return TABLE.endOfLine(bytes, reasonEnd, to);
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
  head.upgrade = '';
  // Clearing a set makes a new table for it, even when there is nothing in it.
  if (NOMINATED.size > 0) NOMINATED.clear();
  for (let i = 0; i < TABLE.count; i += 1) {
    const kind = TABLE.kinds[i] as number;
    if (kind === ORDINARY) continue;
    if (kind === CONTENT_LENGTH && !readLength(bytes, i, head)) return false;
    if (kind === TRANSFER_ENCODING && (oldProtocol || !readCoding(bytes, i, head))) return false;
    if (kind === DATE) head.dated = true;
    else if (kind === CONNECTION && valueIs(bytes, TABLE, i, 'keep-alive')) head.keepAlive = true;
    else if (aboutConnection(kind)) readAboutConnection(kind, valueOf(text, base, i), head);
  }
  if (!NOMINATED.has('upgrade')) head.upgrade = '';
  head.lines = TABLE.anew ? linesAnew(base, text, head) : linesThatGoOn(base, text, head);
  return true;
}

function aboutConnection(kind: number): boolean {
  return kind === CONNECTION || kind === UPGRADE || kind === KEEP_ALIVE;
}

function readAboutConnection(kind: number, value: string, head: ResponseHead): void {
  if (kind === CONNECTION) readConnection(value, head);
  else if (kind === KEEP_ALIVE) head.keepAliveMs = timeoutIn(value);
  else head.upgrade = head.upgrade === '' ? value : `${head.upgrade}, ${value}`;
}

/** A 426 must name the protocols that its sender would speak (RFC 9110 §15.5.22); in any other answer they are of no use to the client. */
const UPGRADE_REQUIRED = 426;
const UPGRADE_NAMED = 'Connection: Upgrade\r\n';

/** In as few pieces as can be: nearly always one or two. */
function linesThatGoOn(base: number, text: string, head: ResponseHead): string {
  let lines = '';
  let before = '';
  let run = -1;
  for (let i = 0; i < TABLE.count; i += 1) {
    const start = (TABLE.at[i * 4] as number) - base;
    const goes = goesOn(base, text, head, i);
    if (goes && TABLE.kinds[i] === UPGRADE) before = UPGRADE_NAMED;
    if (goes && run === -1) run = start;
    else if (!goes && run !== -1) {
      lines += text.slice(run, start);
      run = -1;
    }
  }
  return before + (run === -1 ? lines : lines + text.slice(run, text.length - 2));
}

/** Line by line, each with its CRLF, and the length once. */
function linesAnew(base: number, text: string, head: ResponseHead): string {
  let lines = '';
  let before = '';
  let measured = false;
  for (let i = 0; i < TABLE.count; i += 1) {
    if (!goesOn(base, text, head, i)) continue;
    const { at, kinds } = TABLE;
    const name = text.slice((at[i * 4] as number) - base, (at[i * 4 + 1] as number) - base);
    if (kinds[i] === UPGRADE) before = UPGRADE_NAMED;
    if (kinds[i] !== CONTENT_LENGTH) lines += `${name}: ${valueOf(text, base, i)}\r\n`;
    else if (!measured) {
      measured = true;
      lines += `${name}: ${head.length}\r\n`;
    }
  }
  return before + lines;
}

function goesOn(base: number, text: string, { length, status }: ResponseHead, index: number): boolean {
  const kind = TABLE.kinds[index] as number;
  const bodiless = status < 200 || status === 204;
  // Only behind chunks there can be trailers to announce, and without a body there is no length (RFC 9110 §8.6).
  if (kind === TRAILER) return length === CHUNKED && !bodiless && status !== 304 && !isNominated(text, base, index);
  if (kind === CONTENT_LENGTH) return !bodiless;
  if (kind === UPGRADE) return status === UPGRADE_REQUIRED;
  return goesToClient(kind) && !isNominated(text, base, index);
}

/** With `Transfer-Encoding` there must be no length, and no other coding than this one. */
function readCoding(bytes: Buffer, index: number, head: ResponseHead): boolean {
  if (head.length !== UNTIL_CLOSE || !valueIs(bytes, TABLE, index, 'chunked')) return false;
  head.length = CHUNKED;
  return true;
}

function readLength(bytes: Buffer, index: number, head: ResponseHead): boolean {
  const length = lengthIn(bytes, TABLE, index);
  if (length < 0 || (head.length !== UNTIL_CLOSE && head.length !== length)) return false;
  if (head.length === length || !isShortest(bytes, TABLE, index) || !isPlainlySpaced(bytes, TABLE, index)) {
    TABLE.anew = true;
  }
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

function isNominated(text: string, base: number, index: number): boolean {
  if (NOMINATED.size === 0) return false;
  const at = TABLE.at;
  return NOMINATED.has(
    text.slice((at[index * 4] as number) - base, (at[index * 4 + 1] as number) - base).toLowerCase(),
  );
}

function valueOf(text: string, base: number, index: number): string {
  return text.slice((TABLE.at[index * 4 + 2] as number) - base, (TABLE.at[index * 4 + 3] as number) - base);
}

/** `timeout=5` of a Keep-Alive, in ms. */
function timeoutIn(value: string): number {
  const seconds = /(?:^|[,;\s])timeout=(\d{1,6})(?:$|[,;\s])/i.exec(value)?.[1];
  return seconds === undefined ? 0 : Number(seconds) * 1000;
}

/** 1000 for a byte that is no digit, which makes any status impossible. */
function digit(byte: number | undefined): number {
  const value = (byte ?? 0) - 0x30;
  return value >= 0 && value <= 9 ? value : 1000;
}

const CR = 13;
const LF = 10;
const SP = 32;
const HTTP_1 = Buffer.from('HTTP/1.');
