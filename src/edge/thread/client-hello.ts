/** What a client asks for in the first message of its TLS handshake. */
export type ClientHello = {
  /** In lower case, without a last dot; empty when it asks for none. */
  readonly serverName: string;
  /** Whether it proposes the protocol by which an authority asks for a proof (ALPN `acme-tls/1`, RFC 8737). */
  readonly asksForProof: boolean;
};

/** More than this nobody needs to say hello; the handshake of whoever does is left to the TLS library. */
export const HELLO_BYTES_MAX = 16 * 1024;

/**
 * Reads the ClientHello (RFC 8446 §4.1.2, in the records of §5.1) at the beginning of a connection, as far as it decides which
 * certificate is shown. It judges nothing: what is no TLS, or broken, is `unreadable`, and the TLS library says what is wrong with it.
 */
export function readClientHello(bytes: Buffer): ClientHello | 'incomplete' | 'unreadable' {
  const handshake = handshakeOf(bytes);
  if (typeof handshake === 'string') return handshake;
  return wordsIn(handshake) ?? 'unreadable';
}

const RECORD_HANDSHAKE = 22;
const RECORD_HEAD_BYTES = 5;
const HANDSHAKE_CLIENT_HELLO = 1;
const HANDSHAKE_HEAD_BYTES = 4;

/** The body of the message, which may lie in several records. */
function handshakeOf(bytes: Buffer): Buffer | 'incomplete' | 'unreadable' {
  const pieces: Buffer[] = [];
  let have = 0;
  let want = HANDSHAKE_HEAD_BYTES;
  let at = 0;
  while (have < want) {
    if (bytes.length > at && bytes[at] !== RECORD_HANDSHAKE) return 'unreadable';
    if (bytes.length > at + 1 && bytes[at + 1] !== 3) return 'unreadable';
    if (bytes.length < at + RECORD_HEAD_BYTES) return tooMuch(bytes);
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0) return 'unreadable';
    const piece = bytes.subarray(at + RECORD_HEAD_BYTES, at + RECORD_HEAD_BYTES + length);
    pieces.push(piece);
    have += piece.length;
    at += RECORD_HEAD_BYTES + length;
    if (want === HANDSHAKE_HEAD_BYTES && have >= HANDSHAKE_HEAD_BYTES) {
      const head = Buffer.concat(pieces);
      if (head[0] !== HANDSHAKE_CLIENT_HELLO) return 'unreadable';
      want += head.readUIntBE(1, 3);
      if (want > HELLO_BYTES_MAX) return 'unreadable';
    }
    if (have < want && piece.length < length) return tooMuch(bytes);
  }
  return Buffer.concat(pieces).subarray(HANDSHAKE_HEAD_BYTES, want);
}

function tooMuch(bytes: Buffer): 'incomplete' | 'unreadable' {
  return bytes.length > HELLO_BYTES_MAX ? 'unreadable' : 'incomplete';
}

/** The version and the random number before the lists. */
const FIXED_BYTES = 2 + 32;
const EXTENSION_SERVER_NAME = 0;
const EXTENSION_PROTOCOLS = 16;
const NAME_TYPE_HOST = 0;
/** RFC 8737 §6.2, with its length before it, as it stands in the list. */
const PROOF_PROTOCOL = Buffer.from('\x0aacme-tls/1');

/** Undefined where the lengths in it do not fit into each other. */
function wordsIn(hello: Buffer): ClientHello | undefined {
  const session = skip(hello, FIXED_BYTES, 1);
  const ciphers = skip(hello, session, 2);
  const compressions = skip(hello, ciphers, 1);
  if (compressions === undefined) return undefined;
  if (compressions === hello.length) return { serverName: '', asksForProof: false };
  const end = skip(hello, compressions, 2);
  if (end === undefined) return undefined;
  let [serverName, asksForProof]: [string | undefined, boolean] = ['', false];
  let at = compressions + 2;
  while (at + 4 <= end) {
    const length = hello.readUInt16BE(at + 2);
    if (at + 4 + length > end) return undefined;
    const type = hello.readUInt16BE(at);
    const data = hello.subarray(at + 4, at + 4 + length);
    if (type === EXTENSION_SERVER_NAME) serverName = hostIn(data);
    // An authority proposes this one and no other.
    if (type === EXTENSION_PROTOCOLS) asksForProof = data.subarray(2).equals(PROOF_PROTOCOL);
    at += 4 + length;
  }
  return at === end && serverName !== undefined ? { serverName, asksForProof } : undefined;
}

/** RFC 6066 §3: a list of names, of which only the type of host names was ever used. */
function hostIn(list: Buffer): string | undefined {
  const end = skip(list, 0, 2);
  if (end === undefined || list.length < 5 || list[2] !== NAME_TYPE_HOST) return undefined;
  const length = list.readUInt16BE(3);
  if (length === 0 || 5 + length > end) return undefined;
  return list
    .toString('latin1', 5, 5 + length)
    .toLowerCase()
    .replace(/\.$/, '');
}

/** Where what begins at `at` with a length of `size` bytes ends; undefined where that is outside. */
function skip(bytes: Buffer, at: number | undefined, size: 1 | 2): number | undefined {
  if (at === undefined || at + size > bytes.length) return undefined;
  const end = at + size + bytes.readUIntBE(at, size);
  return end <= bytes.length ? end : undefined;
}
