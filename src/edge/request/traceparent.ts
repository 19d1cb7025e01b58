import type { HeaderFields } from '../message/request-head.ts';
import { traceparentFrom } from './fresh-ids.ts';

/** Version, trace, parent and flags; a later version may say more behind them (W3C Trace Context, §3.2 and §4.3). */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;
/** Characters of version 00, which has nothing behind the flags. */
const CHARS = 55;
/** The longest that is passed on. */
const CHARS_MAX = 256;
/** An id as `randomUUID` makes it. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The trace that a request belongs to, as `traceparent` says it: what came, byte for byte, since this edge makes no spans of its own, or a
 * new one where there is none, there are several, or it is none. A new one is made of the request's id, so that who knows one of the
 * two knows the other, and it costs no more chance; `newId` is asked where that is no UUID. `trustedPeer`: whether the id may be the
 * peer's, and needs a look; one that was made here is always a UUID.
 */
export function traceparentOf(
  fields: HeaderFields,
  { requestId, trustedPeer }: { readonly requestId: string; readonly trustedPeer: boolean },
  newId: () => string,
): string {
  const given = fields.joined('traceparent');
  if (given !== undefined && isTraceparent(given)) return given;
  const id = trustedPeer && !UUID.test(requestId) ? newId() : requestId;
  return traceparentFrom(id);
}

/** The trace of a `traceparent`: 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}

function isTraceparent(text: string): boolean {
  if (text.length > CHARS_MAX || !TRACEPARENT.test(text)) return false;
  return text.length === CHARS || !text.startsWith('00');
}
