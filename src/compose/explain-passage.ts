import type { Endpoint, Service } from '../config/topology.ts';
import { ListedFields, Peer, type RequestHead } from '../edge/message/request-head.ts';
import { messageRules, type Ruled } from '../edge/request/message-rules.ts';
import type { Whereabouts } from '../geo/locate.ts';

/** What becomes of a GET of a URL on its way: the rule that made it the service's, and what it is changed to. */
export type Passage = {
  readonly url: string;
  /** The rule of the service that holds, as the file has it: `match`, or `match[1]` of a list. */
  readonly rule: string;
  /** Where the client is sent instead. */
  readonly redirect?: string;
  /** It is refused: its path leads out of the prefix that is put before it. */
  readonly refused?: true;
  /** What the endpoint is asked for, with its own base path, and the `Host` and fields that the rules of the service give it. */
  readonly asked?: { readonly target: string; readonly host: string; readonly set: readonly string[] };
};

/** A GET of this URL, as if the client at this address had sent nothing but that. */
export function askingHead(
  url: { readonly protocol: 'http' | 'https'; readonly host: string; readonly target: string },
  address: string,
): RequestHead {
  return {
    ...url,
    method: 'GET',
    headers: [],
    fields: new ListedFields([]),
    version: '1.1',
    peerAddress: address,
    peer: new Peer(),
    hasBody: false,
  };
}

/** `chosen` is the endpoint that the request would go to. */
export function passageOf(
  service: Service,
  about: {
    readonly head: RequestHead;
    readonly rule: number;
    readonly client: Whereabouts;
    readonly chosen: Endpoint | undefined;
  },
): Passage {
  const { head, chosen } = about;
  const url = `${head.protocol}://${head.host}${head.target}`;
  const rule = service.match.length === 1 ? 'match' : `match[${about.rule}]`;
  const rules = messageRules(service);
  const away = service.mode === 'proxy' || chosen === undefined ? undefined : chosen.publicUrl + head.target;
  const redirect = rules?.elsewhere({ head, trustedPeer: false }) ?? away;
  if (redirect !== undefined) return { url, rule, redirect };
  const target = rules === undefined ? head.target : rules.target(head.target);
  if (target === undefined) return { url, rule, refused: true };
  const exchange: Ruled = {
    head,
    target,
    requestId: '(its id)',
    clientAddress: head.peerAddress,
    trustedPeer: false,
    whereabouts: about.client,
    view: { service },
  };
  const set = rules?.requestLines('', exchange, chosen) ?? '';
  return {
    url,
    rule,
    asked: {
      target: (chosen?.url.basePath ?? '') + target,
      host: chosen?.host ?? head.host,
      set: set.split('\r\n').slice(0, -1),
    },
  };
}
