import type { ExplainQuery } from '../admin/ports.ts';
import type { Place, Service, Topology } from '../config/topology.ts';
import type { RequestHead } from '../edge/message/request-head.ts';
import { clientFences } from '../edge/request/client-fences.ts';
import { LatencyRows } from '../edge/request/latency-rows.ts';
import { ServiceMatcher } from '../edge/request/service-match.ts';
import { StickyClients } from '../edge/request/sticky-clients.ts';
import { estimateRttMs, expectedRttMs } from '../geo/estimate.ts';
import { countryOf, Locator, type Whereabouts } from '../geo/locate.ts';
import type { GeoDatabase } from '../geo/maxmind.ts';
import { type Ask, type Live, liveOf, readShares } from '../routing/ask.ts';
import { expectedShares } from '../routing/expected-shares.ts';
import { type Explanation, explain } from '../routing/explain.ts';
import { priorityOf } from '../routing/priorities.ts';
import { NO_SET } from '../routing/split.ts';
import { NOT_STUCK } from '../routing/sticky-choice.ts';
import { type ServiceView, viewOf } from '../routing/view.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { EndpointCondition } from './endpoint-condition.ts';
import { askingHead, type Passage, passageOf } from './explain-passage.ts';
import { type Policies, policiesOf } from './explain-policies.ts';

export type ExplainWorld = {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly geo: GeoDatabase;
  readonly table: EndpointTable;
  readonly nowMs: number;
};

export type Explained = Policies & {
  readonly client: { readonly address: string } & Pick<Whereabouts, 'country' | 'precision' | 'points'>;
  readonly priority: string;
  /** Left out when no fence holds the client; `status` is what it gets when none of those is left that may serve it. */
  readonly fence?: { readonly status: number };
  readonly decision: Explanation;
  /** By endpoint, in the order of the file. */
  readonly ways: readonly Way[];
  /** What becomes of the message on its way, where a URL was given. */
  readonly passage?: Passage;
  /** Of a running edge: how each endpoint is, since when and why. */
  readonly conditions?: Readonly<Record<string, EndpointCondition>>;
};

/** The way of a request to an endpoint and back, in ms: what counts in the score is `rttMs` of its candidate. */
export type Way = {
  readonly endpoint: string;
  /** Between client and edge, as estimated: the same whichever endpoint answers. */
  readonly toEdgeMs: number;
  /** Between edge and endpoint, as measured; as estimated until it has been. */
  readonly fromEdgeMs: number;
  readonly measured: boolean;
  /** What requests take longer there than is usual for the service. */
  readonly slowMs: number;
  /** All of them together. */
  readonly sumMs: number;
  /** Share of many such requests that it would get, as things are; 0 to 1. */
  readonly share: number;
};

/**
 * Where a request of this client would go now, and why. It asks the routing of the request path, over the same table; on
 * a table that nothing has happened in, that is what a just started edge would do. Ties are shown as ties, and the first
 * of them as the choice. Returns a sentence when the question makes no sense.
 */
export function explainRequest(world: ExplainWorld, query: ExplainQuery): Explained | { readonly error: string } {
  const { topology } = world;
  const client = new Locator(world.geo, topology.edge.place).locate(query.clientIp);
  const found = serviceOf(world, query, client);
  if ('error' in found) return found;
  const { service } = found;
  const view = viewOf(service, world.placement);
  const priority = priorityOf(view, query.priority);
  if (!priority.known) {
    return { error: `no priority "${query.priority}"; there are: ${[...view.priorities.keys()].join(', ')}` };
  }
  const live = liveOf(world.table);
  const rows = new LatencyRows(service, topology.edge.place);
  const measured = { live: live.columns, rows: view.rows, nowMs: world.nowMs };
  const shares = new Float64Array(view.cloudCount);
  readShares(live.columns, view.slot, shares);
  const { country, precision, points } = client;
  const fence = clientFences(service)?.of({ country, precision, address: query.clientIp });
  const ask: Ask = {
    weights: priority.weights,
    latency: rows.of(client, measured),
    shares,
    nowMs: world.nowMs,
    draw: 0,
    heldBackMs: 0,
    share: 0,
    set: view.split === undefined ? NO_SET : 0,
    stickyHash: stickyHashOf(service, query.clientIp),
    stuckTo: NOT_STUCK,
    homeMs: 0,
    disregards: false,
    mayProbe: true,
    allowed: fence?.allowed,
    fenceClass: fence?.fenceClass ?? 0,
    tried: [],
  };
  const decision = explain(view, live, ask);
  const chosen = service.endpoints.find(({ id }) => id === decision.chosen);
  return {
    client: { address: query.clientIp, country, precision, points },
    priority: priority.name,
    ...(fence === undefined ? {} : { fence: { status: fence.status } }),
    ...policiesOf(service, {
      view,
      columns: live.columns,
      nowMs: world.nowMs,
      address: query.clientIp,
      allowed: fence?.allowed,
    }),
    decision,
    ways: waysOf(service, { view, live, ask, client, edge: topology.edge.place }),
    ...('head' in found ? { passage: passageOf(service, { ...found, client, chosen }) } : {}),
  };
}

/** Who stays with an endpoint by its address does so here; a cookie or a header is not in the question. */
function stickyHashOf(service: Service, address: string): number {
  const { sticky } = service;
  if (sticky?.by !== 'client') return NOT_STUCK;
  return new StickyClients(service, sticky).of(NO_FIELDS, address, 0)?.hash ?? NOT_STUCK;
}

const NO_FIELDS = { first: () => undefined, joined: () => undefined };

/** A service, and, where a URL leads to it, the request for that and the rule by which it does. */
type Found =
  | { readonly service: Service }
  | { readonly service: Service; readonly head: RequestHead; readonly rule: number };

/** The service that is named, that a GET of a URL leads to, or else the first. */
function serviceOf(
  { topology: { services }, placement, table }: ExplainWorld,
  { service, url, clientIp }: ExplainQuery,
  client: Whereabouts,
): Found | { readonly error: string } {
  const there = `there are: ${services.map(({ name }) => name).join(', ')}`;
  if (url === undefined) {
    const named = service === undefined ? services[0] : services.find(({ name }) => name === service);
    return named === undefined ? { error: `no service "${service}"; ${there}` } : { service: named };
  }
  const parts = /^(https?):\/\/([^/?#@\s]+)(\/[^#\s]*)?/i.exec(url);
  if (parts === null) return { error: `"${url}" is no URL such as https://shop.example.com/cart` };
  const [, scheme = '', host = '', target = '/'] = parts;
  const head = askingHead({ protocol: scheme.toLowerCase() === 'https' ? 'https' : 'http', host, target }, clientIp);
  const flags = { cells: table.live.flags, placed: placement.flags ?? {} };
  const matcher = new ServiceMatcher(
    services.map((one) => [one, one]),
    flags,
  );
  const found = matcher.match(host, target, { head, address: () => clientIp, country: () => countryOf(client) });
  if (found === undefined) return { error: `no service takes ${url}; a client would get a 404; ${there}` };
  return { service: found.value, head, rule: found.rule };
}

type Asked = {
  readonly view: ServiceView;
  readonly live: Live;
  readonly ask: Ask;
  readonly client: Whereabouts;
  readonly edge: Place;
};

function waysOf({ endpoints }: Service, { view, live, ask, client, edge }: Asked): readonly Way[] {
  const shares = expectedShares(view, live, ask);
  const toEdgeMs = expectedRttMs(client.points, edge);
  return endpoints.map(({ id, place }, i) => {
    const row = view.rows[i] as number;
    const measuredMs = live.columns.rttMs[row] as number;
    const measured = !Number.isNaN(measuredMs);
    const fromEdgeMs = measured ? measuredMs : estimateRttMs(edge, place);
    const slowMs = live.columns.slowMs[row] as number;
    const sumMs = toEdgeMs + fromEdgeMs + slowMs;
    return { endpoint: id, toEdgeMs, fromEdgeMs, measured, slowMs, sumMs, share: shares[i] as number };
  });
}
