/**
 * The one table of the header fields that a proxy has to know by name; every other one is `ORDINARY` and goes on as it came. Every
 * front asks here what a field is and where it goes, so that no two of them can differ.
 *
 * A name is recognised by its length first, then letter by letter without regard to case, so that most names cost one comparison.
 */
export const ORDINARY = 0;
export const HOST = 1;
export const CONTENT_LENGTH = 2;
export const TRANSFER_ENCODING = 3;
export const CONNECTION = 4;
export const KEEP_ALIVE = 5;
export const VIA = 6;
export const DATE = 7;
export const X_REQUEST_ID = 8;
export const X_FORWARDED_FOR = 9;
export const X_FORWARDED_PROTO = 10;
export const X_FORWARDED_HOST = 11;
/** What says where a request came from and a trusted proxy is believed in without anything being added. */
export const FORWARDING = 12;
export const TRAILER = 13;
export const UPGRADE = 14;
export const EXPECT = 15;
export const TE = 16;
/** About this connection only, or answered here: goes no further in either direction. */
export const HOP_BY_HOP = 17;
export const MAX_FORWARDS = 18;
/**
 * One of the names here with another mark for `-`. Servers that put fields into variables (CGI, WSGI, FastCGI) make one variable of both:
 * all of them where the mark is `_`, some whatever it is. So a stranger could say by `X_Forwarded_For` or `X.Forwarded.For` what it may not say
 * by `X-Forwarded-For`. `Proxy` is one by itself: it becomes HTTP_PROXY, by which programs learn where to send their own requests
 * (CVE-2016-5385).
 */
export const IMITATION = 19;
/** Which trace a request belongs to: said anew to the endpoint, with what came or with a new one (W3C Trace Context). */
export const TRACEPARENT = 20;
/**
 * Who the client is by its certificate (RFC 9440, and Envoy's older field): said by the edge where TLS ends, and by nobody else. A trusted proxy
 * is believed, unless its own connection has a certificate.
 */
export const CLIENT_CERT = 21;

/** One more than the highest of them. */
export const KINDS_COUNT = 22;

/** Where a field goes; what is in no list of a kind stays here, or is written anew. */
const TO_ENDPOINT = 1;
const TO_ENDPOINT_OF_TRUSTED = 2;
const TO_CLIENT = 4;
const IN_TRAILERS = 8;

const ROWS: readonly (readonly [kind: number, goes: number, ...names: string[]])[] = [
  [ORDINARY, TO_ENDPOINT | TO_CLIENT | IN_TRAILERS],
  [HOST, TO_CLIENT, 'host'],
  [CONTENT_LENGTH, TO_ENDPOINT | TO_CLIENT, 'content-length'],
  [TRANSFER_ENCODING, 0, 'transfer-encoding'],
  [CONNECTION, 0, 'connection'],
  [KEEP_ALIVE, 0, 'keep-alive'],
  [VIA, TO_CLIENT, 'via'],
  [DATE, TO_ENDPOINT | TO_CLIENT, 'date'],
  // The request's id is said once, by this edge; endpoints that echo it would double it.
  [X_REQUEST_ID, 0, 'x-request-id'],
  [X_FORWARDED_FOR, TO_CLIENT, 'x-forwarded-for'],
  [X_FORWARDED_PROTO, TO_CLIENT, 'x-forwarded-proto'],
  [X_FORWARDED_HOST, TO_CLIENT, 'x-forwarded-host'],
  [FORWARDING, TO_ENDPOINT_OF_TRUSTED | TO_CLIENT, 'forwarded', 'x-forwarded-port', 'x-forwarded-prefix', 'x-real-ip'],
  // Announced again only where trailers can be sent, which is the front's to know.
  [TRAILER, 0, 'trailer'],
  [UPGRADE, 0, 'upgrade'],
  [EXPECT, TO_CLIENT, 'expect'],
  [TE, 0, 'te'],
  [HOP_BY_HOP, 0, 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'http2-settings'],
  [MAX_FORWARDS, TO_ENDPOINT | TO_CLIENT, 'max-forwards'],
  [IMITATION, TO_CLIENT, 'proxy'],
  [TRACEPARENT, TO_CLIENT | IN_TRAILERS, 'traceparent'],
  [CLIENT_CERT, TO_ENDPOINT_OF_TRUSTED | TO_CLIENT, 'client-cert', 'client-cert-chain', 'x-forwarded-client-cert'],
];

const GOES = Uint8Array.from({ length: KINDS_COUNT }, (_, kind) => ROWS.find(([one]) => one === kind)?.[1] ?? 0);

/** Whether a field of a request goes on to the endpoint as it came. */
export function goesToEndpoint(kind: number, trustedPeer: boolean): boolean {
  return ((GOES[kind] as number) & (trustedPeer ? TO_ENDPOINT | TO_ENDPOINT_OF_TRUSTED : TO_ENDPOINT)) !== 0;
}

/** Whether a field of an answer goes on to the client as it came. */
export function goesToClient(kind: number): boolean {
  return ((GOES[kind] as number) & TO_CLIENT) !== 0;
}

/** Whether a field behind a body goes on: framing, routing and connection are said in the head or not at all (RFC 9110 §6.5.1). */
export function goesInTrailers(kind: number): boolean {
  return ((GOES[kind] as number) & IN_TRAILERS) !== 0;
}

type Known = { readonly letters: Uint8Array; readonly kind: number };

const KNOWN: readonly Known[] = ROWS.flatMap(([kind, , ...names]) =>
  names.map((name) => ({ letters: Buffer.from(name), kind })),
);
const NAME_MAX = Math.max(...KNOWN.map(({ letters }) => letters.length));
const BY_LENGTH: readonly (readonly Known[])[] = Array.from({ length: NAME_MAX + 1 }, (_, length) =>
  KNOWN.filter(({ letters }) => letters.length === length),
);

/** The kind of the field whose name is `bytes` from `from` up to `to`. */
export function fieldKind(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length > NAME_MAX) return ORDINARY;
  for (const { letters, kind } of BY_LENGTH[length] as readonly Known[]) {
    let i = 0;
    while (i < length && ((bytes[from + i] as number) | CASE_BIT) === (letters[i] as number)) i += 1;
    if (i === length) return kind;
    if (letters[i] === HYPHEN && isMark(bytes[from + i] as number) && imitates(bytes, from, letters)) return IMITATION;
  }
  return ORDINARY;
}

function imitates(bytes: Uint8Array, from: number, letters: Uint8Array): boolean {
  return letters.every((letter, i) => isLetterOrImitation(bytes[from + i] as number, letter));
}

/** The same of a name as a string. */
export function kindOfName(name: string): number {
  const { length } = name;
  if (length > NAME_MAX) return ORDINARY;
  for (const { letters, kind } of BY_LENGTH[length] as readonly Known[]) {
    let i = 0;
    while (i < length && (name.charCodeAt(i) | CASE_BIT) === (letters[i] as number)) i += 1;
    if (i === length) return kind;
    if (letters[i] === HYPHEN && isMark(name.charCodeAt(i)) && isImitation(name, letters)) return IMITATION;
  }
  return ORDINARY;
}

function isImitation(name: string, letters: Uint8Array): boolean {
  return letters.every((letter, i) => isLetterOrImitation(name.charCodeAt(i), letter));
}

function isLetterOrImitation(code: number, letter: number): boolean {
  return (code | CASE_BIT) === letter || (letter === HYPHEN && isMark(code));
}

/** Whether a character of a token is neither a letter nor a digit. */
function isMark(code: number): boolean {
  const lower = code | CASE_BIT;
  return (lower < 0x61 || lower > 0x7a) && (code < 0x30 || code > 0x39);
}

/** Sets a letter to lower case; what it makes of the other characters of a token is no letter of any name here. */
const CASE_BIT = 0x20;
const HYPHEN = 0x2d;
