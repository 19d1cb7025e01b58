import type { CachePolicy } from '../../config/topology-degraded.ts';
import { FENCED_TO, type HeaderLookup } from '../../degraded/copy.ts';
import { publicUrl } from '../../degraded/public-url.ts';
import { isCredential, type RequestTraits, SELECTIVE, traitsOf } from '../../degraded/request-traits.ts';
import { type Wishes, wishesOf } from '../../degraded/wishes.ts';
import { type Fault, isFenceFault, PROXY_STATUS_ERROR } from '../../resilience/fault.ts';
import { OVERDUE } from '../../resilience/overdue.ts';
import { listOf } from '../message/answer-head.ts';
import { upstreamRequestHeaders } from '../message/headers.ts';
import { linesOf } from '../message/lines.ts';
import { joinedHeader, type RequestHead } from '../message/request-head.ts';
import type { Exchange } from '../request/exchange.ts';

/** The endpoints did not answer in time, and neither did anything in their place. */
export const LATE: Fault = {
  ...OVERDUE.waiting,
  cause: `${OVERDUE.waiting.cause}, and nothing in its place`,
};

/** Whether the client gets the fault's own status, and not the 503 that says that nothing was there in its place. */
export function keepsStatus(fault: Fault): boolean {
  return isFenceFault(fault) || fault.kind === 'deadline';
}

/** What a ladder wants to know of a request, all of it by what its origin is asked, not by what a peer says of it. */
export type LadderRequest = {
  /** What its copies are kept under. */
  readonly url: string;
  readonly origin: string;
  /** The headers as the origin sees them, names and values alternating, and the same by name. */
  readonly asked: readonly string[];
  readonly header: HeaderLookup;
  readonly traits: RequestTraits;
  readonly wishes: Wishes;
  /** Fields that its copy varies by, whatever `Vary` says. */
  readonly alsoVary: Readonly<Record<string, string>>;
  /** Whether anything but the endpoints may answer it. */
  readonly hasSteps: boolean;
  /** What requests have in common that may wait for each other's answer: the URL, and where that may come from. */
  readonly sharedAs: string;
  /** Whether its answer may be kept, as far as it goes by the request. */
  readonly isKept: boolean;
  /** Whether it may wait for the answer of another one for the same URL. */
  readonly isShareable: boolean;
};

/** Looks at a request as the ladder needs it: by what its origin would be sent, and under which key copies of the answer are. */
export function ladderRequest(exchange: Exchange, { credentialFields }: CachePolicy): LadderRequest {
  const { head, trustedPeer } = exchange;
  const { method, host, target, hasBody } = head;
  const asked = ruled(upstreamRequestHeaders(head, exchange, ''), exchange);
  const places = exchange.fence?.places;
  const header: HeaderLookup = (name) => (name === FENCED_TO ? places : joinedHeader(asked, name));
  const url = publicUrl({ protocol: schemeOf(head, header), host, target });
  // By what came: a field that `Connection` names is not sent on, and says all the same who asks. What a rule puts in counts like that.
  const traits = withCertificate(traitsOf(cameOrPutIn(exchange, asked), credentialFields), head);
  const wishes = wishesOf(header('cache-control'), header('pragma'));
  // Nothing of a body is in the key, and what overrides the request line is not either.
  const plain = !hasBody && !traits.overriding;
  const isKept = method === 'GET' && plain && !wishes.noStore && !isMisled(header('forwarded'), host);
  return {
    url,
    origin: url.slice(0, -target.length),
    asked,
    header,
    traits,
    wishes,
    alsoVary: {
      ...(trustedPeer ? saidByProxy(head, header) : {}),
      ...putInForClient(exchange, header),
      ...(places === undefined ? {} : { [FENCED_TO]: places }),
    },
    hasSteps: (method === 'GET' || method === 'HEAD') && plain,
    sharedAs: places === undefined ? url : `${url} ${places}`,
    isKept,
    isShareable: isKept && !traits.authorization && !traits.credentials && !traits.selective && hasNoWish(header),
  };
}

function cameOrPutIn({ head, state }: Exchange, asked: readonly string[]): readonly string[] {
  return state.rules === undefined ? head.headers : [...head.headers, ...asked];
}

/** The headers of a request as the rules of its service have them. Which endpoint will be asked, is not known here. */
function ruled(headers: readonly string[], exchange: Exchange): readonly string[] {
  const { rules } = exchange.state;
  return rules === undefined ? headers : listOf(rules.requestLines(linesOf(headers), exchange, undefined));
}

/** What a rule puts in that differs from client to client: answers may differ by it, and no origin knows that it has to say so in `Vary`. */
function putInForClient({ state }: Exchange, header: HeaderLookup): Readonly<Record<string, string>> {
  const names = state.rules?.fieldsByClient ?? [];
  return Object.fromEntries(names.map((name) => [name, header(name) ?? '']));
}

/** Which scheme the origin is told; it answers plain requests with redirects to the other one. */
function schemeOf({ protocol }: RequestHead, header: HeaderLookup): 'http' | 'https' {
  const said = header('x-forwarded-proto');
  return said === 'http' || said === 'https' ? said : protocol;
}

/**
 * What a trusted proxy says to the origin of what was asked, where that is not what the request itself says. Origins make links
 * and redirects of it without saying so in `Vary`, so such a copy is for those alone for whom a proxy says the same.
 */
function saidByProxy({ host }: RequestHead, header: HeaderLookup): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const name of SAID_BY_PROXIES) {
    const value = header(name);
    if (value === undefined || isUsual(name, value, host)) continue;
    fields[name] = value;
  }
  return fields;
}

/** The host is in the key already, and so is the scheme as the proxy says it. */
function isUsual(name: (typeof SAID_BY_PROXIES)[number], value: string, host: string): boolean {
  if (name === 'x-forwarded-host') return value.toLowerCase() === host.toLowerCase();
  return name === 'x-forwarded-proto' && (value === 'http' || value === 'https');
}

const SAID_BY_PROXIES = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-prefix'] as const;

/** Whether `Forwarded` (RFC 7239) names another host; it names clients too, so that no two requests would have the same. */
function isMisled(forwarded: string | undefined, host: string): boolean {
  if (forwarded === undefined) return false;
  return [...forwarded.matchAll(/host="?([^";,]*)/gi)].some(([, said]) => said?.toLowerCase() !== host.toLowerCase());
}

function hasNoWish(header: HeaderLookup): boolean {
  return header('cache-control') === undefined && header('pragma') === undefined;
}

/** Validators and ranges are about the service's answers; `Host` is the backend's own. Credentials are for the service alone. */
const NOT_FOR_FALLBACKS: ReadonlySet<string> = new Set([
  'host',
  ...SELECTIVE,
  'content-length',
  // Trailers are asked of the service only.
  'connection',
  'te',
]);

/** Headers of the request to a fallback backend, names and values alternating, without `Host`. */
export function fallbackHeaders(asked: readonly string[], { credentialFields }: CachePolicy): string[] {
  const out: string[] = [];
  for (let i = 0; i < asked.length; i += 2) {
    const name = (asked[i] as string).toLowerCase();
    if (NOT_FOR_FALLBACKS.has(name) || isCredential(name, credentialFields)) continue;
    out.push(asked[i] as string, asked[i + 1] as string);
  }
  return out;
}

/** What was wrong with the endpoints (RFC 9209): the status that they answered with, or the fault that there was instead. */
export function proxyStatusHeaders(pseudonym: string, failure: number | Fault, more: string): string[] {
  const what = typeof failure === 'number' ? `received-status=${failure}` : `error=${PROXY_STATUS_ERROR[failure.kind]}`;
  return ['Proxy-Status', `${pseudonym}; ${what}${more}`];
}

/** Who shows a certificate says who asks with every request of the connection. */
function withCertificate(said: RequestTraits, { peer }: Exchange['head']): RequestTraits {
  return peer.certificate === undefined ? said : { ...said, credentials: true };
}
