import {
  CLIENT_CERT,
  CONTENT_LENGTH,
  goesInTrailers,
  goesToClient,
  goesToEndpoint,
  kindOfName,
  MAX_FORWARDS,
  TRAILER,
} from './field-kind.ts';
import { joinedHeader, type RequestHead } from './request-head.ts';

/*
 * What of a message's head goes on to the next hop (RFC 9110 §7.6.1): everything but the headers that are about this
 * connection, those that `Connection` names, and those that this proxy writes itself. Which is which: see field-kind.ts.
 */

export type Forwarding = {
  readonly trustedPeer: boolean;
  readonly requestId: string;
  readonly traceparent: string;
  /** This edge's name in `Via`. */
  readonly pseudonym: string;
};

/**
 * The headers of the request to the endpoint, names and values alternating; `Host` first. A client of HTTP/1.0 need not say a Host:
 * then it is `authority`, the endpoint's own, since HTTP/1.1 has no request without one.
 */
export function upstreamRequestHeaders(head: RequestHead, forwarding: Forwarding, authority: string): string[] {
  const { headers } = head;
  const { certificate, certificateFields } = head.peer;
  const named = connectionNames(headers);
  const out: string[] = ['Host', head.host === '' ? authority : head.host];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const kind = kindOfName(name);
    if (!goesToEndpoint(kind, forwarding.trustedPeer) || isNamed(named, name, kind)) continue;
    if (kind === CLIENT_CERT && certificate !== undefined) continue;
    const value = headers[i + 1] as string;
    if (kind === MAX_FORWARDS) out.push(name, forwardsLeft(head.method, value));
    else out.push(name, kind === CONTENT_LENGTH ? shortest(value) : value);
  }
  // `TE` is about one hop, so it has to be named by `Connection` (RFC 9110 §10.1.4).
  if (acceptsTrailers(headers)) out.push('Connection', 'TE', 'TE', 'trailers');
  pushForwarding(out, head, forwarding.trustedPeer);
  if (certificate !== undefined) out.push(...certificateFields);
  const via = joinedHeader(headers, 'via');
  const hop = `${head.version} ${forwarding.pseudonym}`;
  out.push('Via', via === undefined ? hop : `${via}, ${hop}`);
  out.push('traceparent', forwarding.traceparent, 'X-Request-Id', forwarding.requestId);
  return out;
}

/** A length without zeros before it, which some might read as octal. */
function shortest(length: string): string {
  return length.startsWith('0') ? length.replace(/^0+(?=\d)/, '') : length;
}

/** RFC 9110 §7.6.2: one fewer for the two methods that it is for; for the others, and when it is no number, it says nothing. */
function forwardsLeft(method: string, value: string): string {
  if ((method !== 'TRACE' && method !== 'OPTIONS') || !/^\d{1,15}$/.test(value)) return value;
  return String(Math.max(0, Number(value) - 1));
}

/**
 * The headers of the answer to the client, names and values alternating. `raw` is what the endpoint sent. Trailer fields
 * are announced again only where they can be sent.
 */
export function clientResponseHeaders(raw: readonly string[], keepTrailer: boolean): string[] {
  const named = connectionNames(raw);
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const kind = kindOfName(name);
    if (!(goesToClient(kind) || (keepTrailer && kind === TRAILER)) || isNamed(named, name, kind)) continue;
    out.push(name, raw[i + 1] as string);
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

/** Trailer fields that go on, of requests and of answers, as pairs. */
export function keptTrailers(raw: readonly string[]): [name: string, value: string][] {
  const kept: [name: string, value: string][] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const kind = kindOfName(raw[i] as string);
    if (goesInTrailers(kind)) kept.push([raw[i] as string, raw[i + 1] as string]);
  }
  return kept;
}

/** Whether `Connection` names it away; it cannot do that to the framing. */
function isNamed(named: ReadonlySet<string> | undefined, name: string, kind: number): boolean {
  return named !== undefined && kind !== CONTENT_LENGTH && named.has(name.toLowerCase());
}

function pushForwarding(out: string[], head: RequestHead, trustedPeer: boolean): void {
  const { headers, peerAddress } = head;
  const before = trustedPeer ? joinedHeader(headers, 'x-forwarded-for') : undefined;
  const proto = trustedPeer ? joinedHeader(headers, 'x-forwarded-proto') : undefined;
  const host = trustedPeer ? joinedHeader(headers, 'x-forwarded-host') : undefined;
  out.push('X-Forwarded-For', before === undefined ? peerAddress : `${before}, ${peerAddress}`);
  out.push('X-Forwarded-Proto', proto ?? head.protocol);
  const said = host ?? head.host;
  if (said !== '') out.push('X-Forwarded-Host', said);
}

/** The lower-case names that `Connection` lists, or undefined when it lists none that matter. */
function connectionNames(headers: readonly string[]): ReadonlySet<string> | undefined {
  const value = joinedHeader(headers, 'connection');
  if (value === undefined || value === 'keep-alive' || value === 'close') return undefined;
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
