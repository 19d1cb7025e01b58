import { joinedHeader, type RequestHead } from './request-head.ts';

/**
 * What of a message's head goes on to the next hop (RFC 9110 §7.6.1): everything but the headers that are about this
 * connection, those that `Connection` names, and those that this proxy writes itself.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Answered here, or written anew for the next hop. */
const REWRITTEN: ReadonlySet<string> = new Set(['host', 'expect', 'via', 'http2-settings']);

/** Where the request came from. Believed only when a trusted proxy says so, and then added to. */
const FORWARDING: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  'x-real-ip',
]);

export type Forwarding = {
  readonly trustedPeer: boolean;
  readonly requestId: string;
  /** This edge's name in `Via`. */
  readonly pseudonym: string;
};

/** The headers of the request to the endpoint, names and values alternating; `Host` first. */
export function upstreamRequestHeaders(head: RequestHead, forwarding: Forwarding): string[] {
  const { headers } = head;
  const named = connectionNames(headers);
  const out: string[] = ['Host', head.host];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (HOP_BY_HOP.has(name) || REWRITTEN.has(name) || name === 'x-request-id') continue;
    if (named !== undefined && named.has(name) && name !== 'content-length') continue;
    if (FORWARDING.has(name) && !(forwarding.trustedPeer && KEPT_FROM_TRUSTED.has(name))) continue;
    out.push(headers[i] as string, headers[i + 1] as string);
  }
  if (acceptsTrailers(headers)) out.push('TE', 'trailers');
  pushForwarding(out, head, forwarding.trustedPeer);
  const via = joinedHeader(headers, 'via');
  const hop = `${head.version} ${forwarding.pseudonym}`;
  out.push('Via', via === undefined ? hop : `${via}, ${hop}`);
  out.push('X-Request-Id', forwarding.requestId);
  return out;
}

/** What a trusted proxy says and we have nothing to add to. */
const KEPT_FROM_TRUSTED: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-real-ip',
]);

/**
 * The headers of the answer to the client, names and values alternating. `raw` is what the endpoint sent. Trailer fields
 * are announced again only where they can be sent.
 */
export function clientResponseHeaders(raw: readonly string[], keepTrailer: boolean): string[] {
  const named = connectionNames(raw);
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    // The request's id is said once, by this edge; endpoints that echo it would double it.
    if ((HOP_BY_HOP.has(name) && !(keepTrailer && name === 'trailer')) || name === 'x-request-id') continue;
    if (named !== undefined && named.has(name) && name !== 'content-length') continue;
    out.push(raw[i] as string, raw[i + 1] as string);
  }
  return out;
}

/** What a 426 is about: the protocols that the endpoint would speak, which it must name (RFC 9110 §15.5.22). Nothing for any other status. */
export function upgradeOffer(status: number, raw: readonly string[]): readonly string[] {
  if (status !== 426) return [];
  const offer = raw.flatMap((name, i) =>
    i % 2 === 0 && name.toLowerCase() === 'upgrade' ? [name, raw[i + 1] as string] : [],
  );
  return offer.length === 0 ? [] : ['Connection', 'Upgrade', ...offer];
}

/** Trailer fields that go on, as pairs: framing, routing and connection are said in the head or not at all (RFC 9110 §6.5.1). */
export function clientTrailers(raw: readonly string[]): [name: string, value: string][] {
  const kept: [name: string, value: string][] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const ofHead = HOP_BY_HOP.has(name) || REWRITTEN.has(name) || FORWARDING.has(name) || HEAD_ONLY.has(name);
    if (!ofHead) kept.push([raw[i] as string, raw[i + 1] as string]);
  }
  return kept;
}

const HEAD_ONLY: ReadonlySet<string> = new Set(['content-length', 'date', 'x-request-id']);

function pushForwarding(out: string[], head: RequestHead, trustedPeer: boolean): void {
  const { headers, peerAddress } = head;
  const before = trustedPeer ? joinedHeader(headers, 'x-forwarded-for') : undefined;
  const proto = trustedPeer ? joinedHeader(headers, 'x-forwarded-proto') : undefined;
  const host = trustedPeer ? joinedHeader(headers, 'x-forwarded-host') : undefined;
  out.push('X-Forwarded-For', before === undefined ? peerAddress : `${before}, ${peerAddress}`);
  out.push('X-Forwarded-Proto', proto ?? head.protocol);
  out.push('X-Forwarded-Host', host ?? head.host);
}

/** The lower-case names that `Connection` lists, or undefined when it lists none that matter. */
function connectionNames(headers: readonly string[]): ReadonlySet<string> | undefined {
  const value = joinedHeader(headers, 'connection');
  if (value === undefined) return undefined;
  const names = new Set<string>();
  for (const token of value.split(',')) {
    const name = token.trim().toLowerCase();
    if (name !== '' && name !== 'keep-alive' && name !== 'close') names.add(name);
  }
  return names.size === 0 ? undefined : names;
}

function acceptsTrailers(headers: readonly string[]): boolean {
  const te = joinedHeader(headers, 'te');
  return te?.split(',').some((token) => token.trim().toLowerCase() === 'trailers') ?? false;
}
