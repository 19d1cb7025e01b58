/**
 * The header fields that a proxy has to know by name; every other one is `ORDINARY` and goes on as it came. Recognised by
 * length first, then letter by letter without regard to case, so that most names cost one comparison.
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

/** One more than the highest of them. */
export const KINDS_COUNT = 18;

const KINDS: Readonly<Record<string, number>> = {
  host: HOST,
  'content-length': CONTENT_LENGTH,
  'transfer-encoding': TRANSFER_ENCODING,
  connection: CONNECTION,
  'keep-alive': KEEP_ALIVE,
  via: VIA,
  date: DATE,
  'x-request-id': X_REQUEST_ID,
  'x-forwarded-for': X_FORWARDED_FOR,
  'x-forwarded-proto': X_FORWARDED_PROTO,
  'x-forwarded-host': X_FORWARDED_HOST,
  forwarded: FORWARDING,
  'x-forwarded-port': FORWARDING,
  'x-forwarded-prefix': FORWARDING,
  'x-real-ip': FORWARDING,
  trailer: TRAILER,
  upgrade: UPGRADE,
  expect: EXPECT,
  te: TE,
  'proxy-connection': HOP_BY_HOP,
  'proxy-authenticate': HOP_BY_HOP,
  'proxy-authorization': HOP_BY_HOP,
  'http2-settings': HOP_BY_HOP,
};

type Known = { readonly letters: Uint8Array; readonly kind: number };

const NAME_MAX = Math.max(...Object.keys(KINDS).map((name) => name.length));
const BY_LENGTH: readonly (readonly Known[])[] = Array.from({ length: NAME_MAX + 1 }, (_, length) =>
  Object.entries(KINDS)
    .filter(([name]) => name.length === length)
    .map(([name, kind]) => ({ letters: Buffer.from(name), kind })),
);

/** The kind of the field whose name is `bytes` from `from` up to `to`. */
export function fieldKind(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length > NAME_MAX) return ORDINARY;
  for (const { letters, kind } of BY_LENGTH[length] as readonly Known[]) {
    let i = 0;
    while (i < length && ((bytes[from + i] as number) | CASE_BIT) === (letters[i] as number)) i += 1;
    if (i === length) return kind;
  }
  return ORDINARY;
}

/** Sets a letter to lower case; what it makes of the other characters of a token is no letter of any name here. */
const CASE_BIT = 0x20;
