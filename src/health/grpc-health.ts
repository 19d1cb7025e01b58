/**
 * The messages of the gRPC health checking protocol (grpc.health.v1), which are two fields: the name of a service, and how it is. They are
 * read and written by hand, in the wire format of protocol buffers.
 */
export const CHECK_PATH = '/grpc.health.v1.Health/Check';

const STATES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
export type Serving = (typeof STATES)[number];

/** One message, framed as gRPC frames them; an empty name asks for the server as a whole. Names have 127 bytes at most, as the schema of the YAML says. */
export function checkRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([STRING_FIELD_1, name.length]), name]);
  const head = Buffer.alloc(PREFIX_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** How a HealthCheckResponse says that the service is; undefined when the bytes are none. */
export function servingIn(bytes: Buffer): Serving | undefined {
  if (bytes.length < PREFIX_BYTES || bytes[0] !== 0) return undefined;
  const end = PREFIX_BYTES + bytes.readUInt32BE(1);
  if (end > bytes.length) return undefined;
  let state = 0;
  for (let at = PREFIX_BYTES; at < end; ) {
    const tag = bytes[at] as number;
    if (tag === VARINT_FIELD_1) {
      const value = bytes[at + 1];
      if (at + 2 > end || value === undefined || value > 0x7f) return undefined;
      state = value;
      at += 2;
      continue;
    }
    const next = afterUnknownField(bytes, at, end);
    if (next === undefined) return undefined;
    at = next;
  }
  return STATES[state] ?? 'UNKNOWN';
}

/** Fields that later versions may have are passed over. */
function afterUnknownField(bytes: Buffer, at: number, end: number): number | undefined {
  const type = (bytes[at] as number) & 7;
  const size = bytes[at + 1];
  if (size === undefined || size > 0x7f) return undefined;
  const next = type === VARINT ? at + 2 : type === LENGTH_DELIMITED ? at + 2 + size : undefined;
  return next !== undefined && next <= end ? next : undefined;
}

/** Whether it is compressed, and its length. */
const PREFIX_BYTES = 5;
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const STRING_FIELD_1 = 0x0a;
const VARINT_FIELD_1 = 0x08;
