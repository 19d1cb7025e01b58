import { createHash, randomBytes } from 'node:crypto';

/** What RFC 6455 §1.3 has servers put behind a key. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A key for a handshake in HTTP/1.1 (RFC 6455 §4.1): in HTTP/2 clients have none (RFC 8441 §5). */
export function newKey(): string {
  return randomBytes(16).toString('base64');
}

/** What an endpoint that has understood the handshake answers to a key. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64');
}

/** Four bytes that nobody can foresee: what a client masks a frame with (RFC 6455 §5.3). */
export function newMask(): Uint8Array {
  return randomBytes(4);
}
