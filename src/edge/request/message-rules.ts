import { authorityOf } from '../../config/authority.ts';
import type { Endpoint, Service } from '../../config/topology.ts';
import type { FieldRules, MessageValue, RedirectRule } from '../../config/topology-rules.ts';
import { countryOf, type Whereabouts } from '../../geo/locate.ts';
import { LOAD_BINARY_FIELD, LOAD_FIELD, LOAD_METRICS_FIELD } from '../../routing/load-report.ts';
import { invariant } from '../../table/invariant.ts';
import { listOf } from '../message/answer-head.ts';
import { ruledLines, type ValueOf } from '../message/field-rules.ts';
import { type PathRule, pathRule } from '../message/path-rule.ts';
import type { RequestHead } from '../message/request-head.ts';
import { mappedBack } from '../message/way-back.ts';

/** What of an exchange the rules look at. */
export type Ruled = {
  readonly head: RequestHead;
  /** What endpoints are asked for. */
  readonly target: string;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly trustedPeer: boolean;
  readonly whereabouts: Pick<Whereabouts, 'country' | 'precision'>;
  readonly view: { readonly service: Pick<Service, 'name'> };
};

/**
 * What one service changes in the messages that pass, compiled once a topology. A service that changes nothing has none of these, and its
 * requests pay a comparison. Whatever front has a request, its texts go through here:
 *
 *   target      the path for endpoints, as the request is identified
 *   request     the head of the request, as it is written to an endpoint
 *   answer      the head of the answer, as it comes from an endpoint: back to the client's side
 *   response    the head of any answer, as it is written to the client
 *
 * Copies are kept between the last two, so that no client gets what was put in for another one.
 */
export class MessageRules {
  readonly redirect: RedirectRule | undefined;
  readonly #path: PathRule;
  readonly #request: FieldRules | undefined;
  readonly #response: FieldRules | undefined;
  readonly #overHttps: FieldRules | undefined;
  readonly #mapsBack: boolean;
  readonly #redirectPath: PathRule;

  constructor({ rules, endpoints, routing }: Service) {
    this.redirect = rules?.redirect;
    this.#path = pathRule(
      rules?.path,
      endpoints.map(({ url }) => url.basePath),
    );
    this.#redirectPath = pathRule(rules?.redirect?.path);
    this.#request = rules?.request;
    this.#response = routing.load === 'reported' ? withoutLoads(rules?.response) : rules?.response;
    this.#overHttps = overHttps(rules);
    this.#mapsBack = rules?.path !== undefined || endpoints.some(changesAddress);
  }

  /** What endpoints are asked for instead of this target; undefined when it would climb out of a prefix that is put before it. */
  target(target: string): string | undefined {
    return target === '*' ? target : this.#path.forward(target);
  }

  /** The head of the request to an endpoint, from the one that is written without rules: its request line, and Host in its second line. */
  request(text: string, exchange: Ruled, endpoint: Endpoint): string {
    const { url, host } = endpoint;
    const { head, target } = exchange;
    const lineEnd = text.indexOf('\r\n') + 2;
    const hostEnd = text.indexOf('\r\n', lineEnd) + 2;
    invariant(text.startsWith('Host: ', lineEnd), 'Host is not the first field of a request');
    const line = target === head.target ? text.slice(0, lineEnd) : requestLine(head.method, url.basePath, target);
    const hostLine = host === undefined ? text.slice(lineEnd, hostEnd) : `Host: ${host}\r\n`;
    const fields = text.slice(hostEnd, -2);
    return `${line}${hostLine}${this.requestLines(fields, exchange, endpoint)}\r\n`;
  }

  /** The fields of a request as whoever gets it sees them; without an endpoint, what is said of one is not known. */
  requestLines(lines: string, exchange: Ruled, endpoint: Endpoint | undefined): string {
    return this.#request === undefined ? lines : ruledLines(lines, this.#request, valuesOf(exchange, endpoint));
  }

  /** Names, in lower case, of fields of a request whose values are different from client to client, or may be. */
  get fieldsByClient(): readonly string[] {
    return [...(this.#request?.set ?? []), ...(this.#request?.add ?? [])]
      .filter(({ value }) => value.some((part) => typeof part !== 'string' && BY_CLIENT.has(part.of)))
      .map(({ name }) => name.toLowerCase());
  }

  /** The lines of an endpoint's answer, with its own addresses as its clients know them. */
  answer(lines: string, exchange: Ruled, at: Pick<Endpoint, 'url' | 'host'>): string {
    if (!this.#mapsBack) return lines;
    const own = authorityOf(at.url);
    return mappedBack(lines, {
      authorities: at.host === undefined ? [own] : [at.host, own],
      client: { scheme: schemeOf(exchange), host: exchange.head.host },
      path: (path) => {
        const { basePath } = at.url;
        if (basePath === '') return this.#path.back(path);
        if (path !== basePath && !path.startsWith(`${basePath}/`)) return undefined;
        return this.#path.back(path.slice(basePath.length) || '/');
      },
    });
  }

  /** Whether `response` changes anything. */
  get changesAnswers(): boolean {
    return this.#response !== undefined || this.#overHttps !== undefined;
  }

  /** The lines of an answer to the client. */
  response(lines: string, exchange: Ruled, endpoint: Endpoint | undefined): string {
    const values = valuesOf(exchange, endpoint);
    const ruled = this.#response === undefined ? lines : ruledLines(lines, this.#response, values);
    if (this.#overHttps === undefined || schemeOf(exchange) === 'http') return ruled;
    return ruledLines(ruled, this.#overHttps, values);
  }

  /** The fields, names and values alternating, that an answer of this edge's own gets too. What it says itself is not replaced. */
  ownFields(exchange: Ruled): readonly string[] {
    const said = listOf(this.response('', exchange, undefined));
    return said.filter((_, i) => !SAID_BY_EDGE.has((said[i - (i % 2)] as string).toLowerCase()));
  }

  /** Where the client is sent instead; undefined when it is there already. */
  elsewhere({ head, trustedPeer }: Pick<Ruled, 'head' | 'trustedPeer'>): string | undefined {
    const { redirect } = this;
    if (redirect === undefined || head.target === '*') return undefined;
    const asked = schemeOf({ head, trustedPeer });
    const scheme = redirect.scheme ?? asked;
    const target = this.#redirectPath.forward(head.target) ?? head.target;
    const host = redirect.host ?? (scheme === asked ? head.host : head.host.replace(/:\d*$/, ''));
    const there = scheme === asked && target === head.target && host.toLowerCase() === head.host.toLowerCase();
    return there || host === '' ? undefined : `${scheme}://${host}${target}`;
  }
}

/** The rules of a service; undefined when messages pass as they are. */
export function messageRules(service: Service): MessageRules | undefined {
  const changes =
    service.rules !== undefined || service.routing.load === 'reported' || service.endpoints.some(changesAddress);
  return changes ? new MessageRules(service) : undefined;
}

/** What endpoints say of their load is for this edge. */
function withoutLoads(rules: FieldRules | undefined): FieldRules {
  const { remove = [], set = [], add = [] } = rules ?? {};
  return { remove: [...remove, LOAD_METRICS_FIELD, LOAD_BINARY_FIELD, LOAD_FIELD], set, add };
}

function changesAddress({ host, url }: Endpoint): boolean {
  return host !== undefined || url.basePath !== '';
}

function requestLine(method: string, basePath: string, target: string): string {
  return `${method} ${basePath}${target} HTTP/1.1\r\n`;
}

/** Which scheme the client used, as far as a trusted proxy says. */
function schemeOf({
  head,
  trustedPeer,
}: Pick<Ruled, 'trustedPeer'> & { readonly head: RequestHead }): 'http' | 'https' {
  const told = trustedPeer ? head.fields.first('x-forwarded-proto') : undefined;
  return told === 'http' || told === 'https' ? told : head.protocol;
}

function valuesOf(exchange: Ruled, endpoint: Endpoint | undefined): ValueOf {
  return (value) => VALUES[value](exchange, endpoint);
}

const VALUES: Readonly<Record<MessageValue, (exchange: Ruled, endpoint: Endpoint | undefined) => string>> = {
  'client.address': ({ clientAddress }) => clientAddress,
  'client.country': ({ whereabouts }) => countryOf(whereabouts),
  'request.id': ({ requestId }) => requestId,
  'request.host': ({ head }) => head.host,
  'endpoint.region': (_, endpoint) => endpoint?.region ?? '',
  cloud: (_, endpoint) => endpoint?.cloud ?? '',
  service: ({ view }) => view.service.name,
};

const BY_CLIENT: ReadonlySet<MessageValue> = new Set(['client.address', 'client.country']);

/** What is only said to clients that came by TLS: on a connection that anybody may change, it could be anybody's word. */
function overHttps(rules: Service['rules']): FieldRules | undefined {
  const said = [
    { name: 'Strict-Transport-Security', value: [rules?.hsts ?? ''] },
    { name: 'Alt-Svc', value: [rules?.altSvc ?? ''] },
  ];
  const set = said.filter(({ value: [text] }) => text !== '');
  return set.length === 0 ? undefined : { remove: [], set, add: [] };
}

const SAID_BY_EDGE: ReadonlySet<string> = new Set([
  'content-type',
  'cache-control',
  'location',
  'proxy-status',
  'retry-after',
  'chaos',
  'cache-status',
]);
