import type { HeaderFields } from '../message/request-head.ts';
import { freshId } from './fresh-ids.ts';

/** What a request id from a trusted proxy may look like: it ends up in logs and headers. */
const SAFE = /^[A-Za-z0-9._:+/=@-]{1,128}$/;

/** The id that a trusted peer gave the request, or a new one. */
export function requestIdOf(fields: HeaderFields, trustedPeer: boolean): string {
  const given = trustedPeer ? fields.first('x-request-id') : undefined;
  return given !== undefined && SAFE.test(given) ? given : freshId();
}
