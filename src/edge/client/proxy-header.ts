import { isIP } from 'node:net';
import { unmapped } from '../../table/peer-address.ts';
import { crc32c } from './crc32c.ts';

/** Who is at the far end of a connection, as its PROXY header says; undefined when it says that it is about nobody else (LOCAL, UNKNOWN). */
export type ProxiedClient = { readonly address: string; readonly port: number } | undefined;

/** A whole header and how many bytes it has, that it is not whole yet, or why it is none, in words. */
export type ProxyHeader =
  | { readonly client: ProxiedClient; readonly length: number }
  | 'incomplete'
  | { readonly problem: string };

/** HAProxy's specification, §2.1: "large enough" for every header of version 1, CR and LF included. */
export const V1_BYTES_MAX = 107;
/** Of version 2, with what is added behind the addresses (TLVs). Nothing that is known needs a quarter of it. */
export const V2_BYTES_MAX = 4096;

const V1 = Buffer.from('PROXY ');
const V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const V2_HEAD_BYTES = 16;

/**
 * Reads a PROXY header, version 1 or 2, at the beginning of a connection (the protocol's specification at haproxy.org,
 * doc/proxy-protocol.txt). Nothing is guessed: whatever is not exactly a header is a problem.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  if (beginsLike(bytes, V2)) return bytes.length < V2_HEAD_BYTES ? 'incomplete' : version2(bytes);
  if (beginsLike(bytes, V1)) return version1(bytes);
  return { problem: 'does not begin with a PROXY header' };
}

/** As far as there are bytes. */
function beginsLike(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.subarray(0, length).equals(signature.subarray(0, length));
}

function version1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, V1_BYTES_MAX).indexOf('\r\n');
  if (end === -1) return bytes.length < V1_BYTES_MAX ? 'incomplete' : { problem: 'has a PROXY header without an end' };
  const length = end + 2;
  const line = bytes.toString('latin1', V1.length, end);
  // §2.1: whatever follows UNKNOWN is to be ignored.
  if (line === 'UNKNOWN' || line.startsWith('UNKNOWN ')) return { client: undefined, length };
  const [family, source = '', destination = '', sourcePort = '', destinationPort = '', ...more] = line.split(' ');
  const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : undefined;
  const good =
    version !== undefined &&
    more.length === 0 &&
    [source, destination].every((address) => isIP(address) === version && !address.includes('%')) &&
    [sourcePort, destinationPort].every((port) => /^(?:0|[1-9]\d{0,4})$/.test(port) && Number(port) <= 65_535);
  if (!good) return { problem: 'has a PROXY header that is not valid' };
  return { client: { address: unmapped(source), port: Number(sourcePort) }, length };
}

const COMMAND_LOCAL = 0x20;
const COMMAND_PROXY = 0x21;
/** Families by the upper half of their byte; the bytes of an address of each. The lower half is the transport: 1 is a stream. */
const ADDRESS_BYTES: ReadonlyMap<number, number> = new Map([
  [0x11, 4],
  [0x21, 16],
]);

function version2(bytes: Buffer): ProxyHeader {
  const command = bytes[12] as number;
  const family = bytes[13] as number;
  const length = V2_HEAD_BYTES + bytes.readUInt16BE(14);
  if (command !== COMMAND_LOCAL && command !== COMMAND_PROXY)
    return { problem: 'has a PROXY header of an unknown kind' };
  if (length > V2_BYTES_MAX) return { problem: `has a PROXY header of more than ${V2_BYTES_MAX} bytes` };
  if (bytes.length < length) return 'incomplete';
  const header = bytes.subarray(0, length);
  const size = ADDRESS_BYTES.get(family);
  // §2.2: of a LOCAL one everything behind the head is to be skipped.
  if (command === COMMAND_LOCAL) return { client: undefined, length };
  // An unspecified family says no more than UNKNOWN does; sockets of a file system and datagrams are none of ours.
  if (family === 0) return { client: undefined, length };
  if (size === undefined) return { problem: 'has a PROXY header for something else than TCP' };
  const behind = V2_HEAD_BYTES + 2 * size + 4;
  if (length < behind) return { problem: 'has a PROXY header that is too short' };
  const wrong = additionsProblem(header, behind);
  if (wrong !== undefined) return { problem: wrong };
  const address = addressIn(header.subarray(V2_HEAD_BYTES, V2_HEAD_BYTES + size));
  return { client: { address, port: header.readUInt16BE(V2_HEAD_BYTES + 2 * size) }, length };
}

function addressIn(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return unmapped(compressed(groups));
}

/** RFC 5952 §4: the longest run of zeros, of at least two groups, the first of equal ones. */
function compressed(groups: readonly string[]): string {
  let [best, bestLength] = [-1, 1];
  for (let from = 0; from < 8; from += 1) {
    let to = from;
    while (groups[to] === '0') to += 1;
    if (to - from > bestLength) [best, bestLength] = [from, to - from];
  }
  if (best === -1) return groups.join(':');
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + bestLength).join(':')}`;
}

const TLV_HEAD_BYTES = 3;
const TLV_CRC32C = 0x03;

/** What is added must fill the header exactly; where it holds a checksum, that must be right (§2.2.3). None of it is used. */
function additionsProblem(header: Buffer, from: number): string | undefined {
  let at = from;
  while (at < header.length) {
    if (at + TLV_HEAD_BYTES > header.length) return 'has a PROXY header whose additions break off';
    const length = header.readUInt16BE(at + 1);
    const value = at + TLV_HEAD_BYTES;
    if (value + length > header.length) return 'has a PROXY header whose additions break off';
    if (header[at] === TLV_CRC32C && !isChecksum(header, value, length))
      return 'has a PROXY header with a wrong checksum';
    at = value + length;
  }
  return undefined;
}

function isChecksum(header: Buffer, at: number, length: number): boolean {
  if (length !== 4) return false;
  const blank = Buffer.from(header);
  blank.fill(0, at, at + 4);
  return crc32c(blank) === header.readUInt32BE(at);
}
