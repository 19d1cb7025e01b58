import { isIP } from 'node:net';
import { Reader } from 'maxmind';
import { partsOf } from './joined.ts';
import type { Located, Reading } from './located.ts';
import { readRecord } from './located.ts';
import { probeAddresses } from './probe-addresses.ts';

/** An open MaxMind-format database. It holds no file, no timer and no copy of the bytes. */
export type GeoDatabase = {
  /** `city` when records carry coordinates, `country` when they only name countries. */
  readonly kind: 'city' | 'country';
  /** 4 means that the file knows nothing about IPv6 addresses. */
  readonly ipVersion: 4 | 6;
  /** When the publisher built the file, in milliseconds since 1970. */
  readonly builtAtMs: number;
  /** What the file says of an address. Undefined: unknown, not an address, or IPv6 in an IPv4-only file. Never throws. */
  lookup(address: string): Located | undefined;
};

/**
 * Opens a database over `bytes`, which may be a view of a SharedArrayBuffer: nothing is copied, so that every thread can
 * have its own reader over one piece of memory. Because a truncated or damaged file opens happily, it is also probed:
 * the tree must fit the file and some thousands of real look-ups must decode to sensible records. The bytes may also be
 * two databases that joined.ts put together; an address is looked up in the one, then in the other.
 * Bytes whose kind is known already have been probed before, by another thread or by our own tests, and are not probed again.
 * Throws an Error with one sentence that names `file`, what is wrong and what to do.
 */
export function openDatabase(bytes: Buffer | Uint8Array, file: string, known?: GeoDatabase['kind']): GeoDatabase {
  const view = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first, second] = partsOf(view).map((part) => openOne(part, file, known));
  if (first === undefined || second === undefined) return first ?? openOne(view, file, known);
  return {
    kind: first.kind,
    ipVersion: 6,
    builtAtMs: Math.min(first.builtAtMs, second.builtAtMs),
    lookup: (address) => first.lookup(address) ?? second.lookup(address),
  };
}

function openOne(view: Buffer, file: string, known: GeoDatabase['kind'] | undefined): GeoDatabase {
  if (view[0] === 0x1f && view[1] === 0x8b) throw unusable(file, 'is gzip-compressed', 'unpack it first');
  const reader = openReader(view, file);
  const kind = known ?? probe(reader, file);
  const ipVersion = reader.metadata.ipVersion === 4 ? 4 : 6;
  return {
    kind,
    ipVersion,
    builtAtMs: reader.metadata.buildEpoch.getTime(),
    lookup: (address) => lookup(reader, ipVersion, address),
  };
}

function lookup(reader: Reader<never>, ipVersion: 4 | 6, address: string): Located | undefined {
  const plain = plainAddress(address);
  const version = isIP(plain);
  // The reader walks an IPv4-only tree with the first 32 bits of an IPv6 address and returns somebody else's record.
  if (version === 0 || (version === 6 && ipVersion === 4)) return undefined;
  try {
    return readRecord(reader.get(plain))?.located;
  } catch {
    return undefined; // A damaged record that probing missed: one client without a place, not a failed request.
  }
}

/**
 * The address without its zone, and an IPv4-mapped IPv6 address (`::ffff:a.b.c.d` in any spelling) as plain IPv4: not
 * every database keeps a second way to its IPv4 records there.
 */
function plainAddress(address: string): string {
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  if (!/ffff:/i.test(bare) || isIP(bare) !== 6) return bare;
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${bare}]/`).hostname);
  if (mapped === null) return bare;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

function openReader(view: Buffer, file: string): Reader<never> {
  let reader: Reader<never>;
  try {
    reader = new Reader<never>(view);
  } catch {
    throw unusable(file, 'is not a MaxMind-format database', 'give the path of a City or Country .mmdb file');
  }
  const { binaryFormatMajorVersion, ipVersion, searchTreeSize } = reader.metadata;
  if (binaryFormatMajorVersion !== 2 || (ipVersion !== 4 && ipVersion !== 6)) {
    throw unusable(file, 'has a format version that is not known here', 'use an .mmdb file of format version 2');
  }
  if (!(searchTreeSize > 0 && searchTreeSize < view.length)) {
    throw unusable(file, 'is damaged: its search tree does not fit into the file', 'download it again');
  }
  return reader;
}

/** Looks up a spread of addresses and returns what kind of database this is. */
function probe(reader: Reader<never>, file: string): 'city' | 'country' {
  let named = 0;
  let pointed = 0;
  for (const address of probeAddresses(reader.metadata, (at) => reader.getWithPrefixLength(at)[1])) {
    const reading = probeOne(reader, address, file);
    if (reading === undefined) continue;
    named += 1;
    if (reading.coordinates !== 'none') pointed += 1;
  }
  if (named === 0) throw unusable(file, 'names no country in any record', 'use a City or Country database');
  return pointed > 0 ? 'city' : 'country';
}

function probeOne(reader: Reader<never>, address: string, file: string): Reading | undefined {
  let reading: Reading | undefined;
  try {
    reading = readRecord(reader.get(address));
  } catch {
    throw unusable(file, `is damaged: the record of ${address} does not decode`, 'download it again');
  }
  if (reading?.coordinates !== 'damaged') return reading;
  throw unusable(file, `is damaged: the coordinates of ${address} are not on the globe`, 'download it again');
}

function unusable(file: string, what: string, remedy: string): Error {
  return new Error(`The geo database ${file} ${what}; ${remedy}.`);
}
