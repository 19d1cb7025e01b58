import type { Asked } from '../../degraded/public-url.ts';
import { type Fault, PROXY_STATUS_ERROR } from '../../resilience/fault.ts';
import { upstreamRequestHeaders } from '../message/headers.ts';
import { joinedHeader, type RequestHead } from '../message/request-head.ts';
import type { Exchange } from '../request/exchange.ts';

/** The endpoints did not answer in time, and neither did anything in their place. */
export const LATE: Fault = {
  kind: 'first-byte-timeout',
  sent: 'some',
  cause: 'no answer in time, and nothing in its place',
};

/** What the client asked for, as far as this edge can know: a trusted proxy says what it was asked for itself. */
export function publicAsked({ head, trustedPeer }: Exchange): Asked {
  if (!trustedPeer) return head;
  const said = joinedHeader(head.headers, 'x-forwarded-proto');
  const protocol = said === 'http' || said === 'https' ? said : head.protocol;
  return { protocol, host: joinedHeader(head.headers, 'x-forwarded-host') ?? head.host, target: head.target };
}

/** Requests with one of these are about more than the URL, or are about one client. */
const OWN: readonly string[] = [
  'authorization',
  'cookie',
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'cache-control',
  'pragma',
];

/** Whether a request may wait for the answer of another one for the same URL. */
export function isShareable({ method, hasBody, headers }: RequestHead): boolean {
  return method === 'GET' && !hasBody && OWN.every((name) => joinedHeader(headers, name) === undefined);
}

/** Credentials are for the service alone, and validators and ranges are about its answers; `Host` is the backend's own. */
const NOT_FOR_FALLBACKS: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'cookie',
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'content-length',
  // Trailers are asked of the service only.
  'connection',
  'te',
]);

/** Headers of the request to a fallback backend, names and values alternating, without `Host`. */
export function fallbackHeaders({ head, trustedPeer, requestId, pseudonym }: Exchange): string[] {
  const all = upstreamRequestHeaders(head, { trustedPeer, requestId, pseudonym }, '');
  const out: string[] = [];
  for (let i = 0; i < all.length; i += 2) {
    if (!NOT_FOR_FALLBACKS.has((all[i] as string).toLowerCase())) out.push(all[i] as string, all[i + 1] as string);
  }
  return out;
}

/** What was wrong with the endpoints (RFC 9209): the status that they answered with, or the fault that there was instead. */
export function troubleHeaders(pseudonym: string, trouble: number | Fault, more: string): string[] {
  const what = typeof trouble === 'number' ? `received-status=${trouble}` : `error=${PROXY_STATUS_ERROR[trouble.kind]}`;
  return ['Proxy-Status', `${pseudonym}; ${what}${more}`];
}
