import { isIP } from 'node:net';
import type { SendProxy } from '../../config/topology-endpoint.ts';

/** What a PROXY header may say beside who the client is; both are only said where they hold for all that the connection carries. */
export type ConnectionClaims = {
  /** The protocol that is spoken behind the header, as ALPN has it. */
  readonly alpn?: string | undefined;
  /** The host that is asked for. */
  readonly authority?: string | undefined;
};

const V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const LOCAL = 0x20;
const PROXY = 0x21;
const TCP4 = 0x11;
const TCP6 = 0x21;
const TLV_ALPN = 0x01;
const TLV_AUTHORITY = 0x02;
/** A host name has at most 253 letters; nothing longer is said. */
const VALUE_BYTES_MAX = 255;

/**
 * The header of a connection that carries requests of the client at `address` (haproxy.org, doc/proxy-protocol.txt). Ports are 0, and so is the address where
 * the client connected: the connection is for all of that client's connections. For an address that is none, it is about this edge
 * itself, as in `localHeader`.
 */
export function proxyHeader(version: SendProxy, address: string, claims: ConnectionClaims = {}): Buffer {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0) return localHeader(version);
  const nobody = family === 4 ? '0.0.0.0' : '::';
  if (version === 'v1') return Buffer.from(`PROXY TCP${family} ${address} ${nobody} 0 0\r\n`, 'latin1');
  const source = family === 4 ? bytesOf4(address) : bytesOf6(address);
  const ends = Buffer.concat([source, Buffer.alloc(source.length), Buffer.alloc(4)]);
  const more = Buffer.concat([tlv(TLV_ALPN, claims.alpn), tlv(TLV_AUTHORITY, claims.authority)]);
  return Buffer.concat([head(PROXY, family === 4 ? TCP4 : TCP6, ends.length + more.length), ends, more]);
}

/** The header of a connection that this edge makes for itself, as its health checks are. */
export function localHeader(version: SendProxy): Buffer {
  return version === 'v1' ? Buffer.from('PROXY UNKNOWN\r\n', 'latin1') : head(LOCAL, 0, 0);
}

function head(command: number, family: number, length: number): Buffer {
  const bytes = Buffer.alloc(16);
  V2.copy(bytes);
  bytes[12] = command;
  bytes[13] = family;
  bytes.writeUInt16BE(length, 14);
  return bytes;
}

function tlv(type: number, value: string | undefined): Buffer {
  const bytes = Buffer.from(value ?? '', 'latin1');
  if (bytes.length === 0 || bytes.length > VALUE_BYTES_MAX) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([type, 0, bytes.length]), bytes]);
}

function bytesOf4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** An address of IPv6 in any spelling, a trailing one of IPv4 too. */
function bytesOf6(address: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [before = '', after] = (
    dotted === null
      ? address
      : `${dotted[1]}${hex(Number(dotted[2]) * 256 + Number(dotted[3]))}:${hex(Number(dotted[4]) * 256 + Number(dotted[5]))}`
  ).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':')).map((group) => Number.parseInt(group, 16));
  const first = groups(before);
  const last = after === undefined ? [] : groups(after);
  const bytes = Buffer.alloc(16);
  for (const [i, group] of first.entries()) bytes.writeUInt16BE(group, i * 2);
  for (const [i, group] of last.entries()) bytes.writeUInt16BE(group, 16 - (last.length - i) * 2);
  return bytes;
}

function hex(value: number): string {
  return value.toString(16);
}
