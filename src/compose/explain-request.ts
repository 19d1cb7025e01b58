import type { Service, Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { LatencyRows } from '../edge/request/latency-rows.ts';
import { ServiceMatcher } from '../edge/request/service-match.ts';
import { Locator, type Whereabouts } from '../geo/locate.ts';
import type { GeoDatabase } from '../geo/maxmind.ts';
import { type Ask, liveOf } from '../routing/ask.ts';
import { type Explanation, explain } from '../routing/explain.ts';
import { priorityOf } from '../routing/priorities.ts';
import { recentShares } from '../routing/recent-shares.ts';
import { viewOf } from '../routing/view.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { WorkerBlock } from '../table/worker-block.ts';

export type ExplainQuery = {
  readonly clientIp: string;
  readonly priority: string | undefined;
  readonly service: string | undefined;
  /** Finds the service as a request for this URL does. */
  readonly url?: string | undefined;
};

export type ExplainWorld = {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly geo: GeoDatabase;
  readonly table: EndpointTable;
  readonly blocks: readonly WorkerBlock[];
  readonly nowMs: number;
};

export type Explained = {
  readonly client: { readonly address: string } & Pick<Whereabouts, 'country' | 'precision' | 'points'>;
  readonly priority: string;
  readonly decision: Explanation;
};

/**
 * Where a request of this client would go now, and why. It asks the routing of the request path, over the same table; on
 * a table that nothing has happened in, that is what a just started edge would do. Ties are shown as ties, and the first
 * of them as the choice. Returns a sentence when the question makes no sense.
 */
export function explainRequest(world: ExplainWorld, query: ExplainQuery): Explained | { readonly error: string } {
  const { topology } = world;
  const service = serviceOf(topology.services, query);
  if ('error' in service) return service;
  const view = viewOf(service, world.placement);
  const priority = priorityOf(view, query.priority);
  if (!priority.known) {
    return { error: `no priority "${query.priority}"; there are: ${[...view.priorities.keys()].join(', ')}` };
  }
  const client = new Locator(world.geo, topology.edge.place).locate(query.clientIp);
  const live = liveOf(world.table);
  const rows = new LatencyRows(service, topology.edge.place);
  const ask: Ask = {
    weights: priority.weights,
    latency:
      service.routing.latencyFrom === 'client'
        ? rows.from(client)
        : rows.measured(live.columns, view.rows, world.nowMs),
    shares: sharesOverThreads(world, view.slot, service.routing.diversityHalfLifeMs),
    nowMs: world.nowMs,
    draw: 0,
    heldBackMs: 0,
    share: 0,
    mayProbe: true,
    tried: [],
  };
  const { country, precision, points } = client;
  return {
    client: { address: query.clientIp, country, precision, points },
    priority: priority.name,
    decision: explain(view, live, ask),
  };
}

/** The service that is named, that a URL leads to, or else the first. */
function serviceOf(services: readonly Service[], { service, url }: ExplainQuery): Service | { readonly error: string } {
  const there = `there are: ${services.map(({ name }) => name).join(', ')}`;
  if (url === undefined) {
    const named = service === undefined ? services[0] : services.find(({ name }) => name === service);
    return named ?? { error: `no service "${service}"; ${there}` };
  }
  const parts = /^https?:\/\/([^/?#@\s]+)(\/[^#\s]*)?/i.exec(url);
  if (parts === null) return { error: `"${url}" is no URL such as https://shop.example.com/cart` };
  const matcher = new ServiceMatcher(services.map((one) => [one, one]));
  const found = matcher.find(parts[1] ?? '', parts[2] ?? '/');
  return found ?? { error: `no service takes ${url}; a client would get a 404; ${there}` };
}

/** The shares over all edge threads together; each thread decides by its own, which is a sample of this. */
function sharesOverThreads({ blocks, nowMs }: ExplainWorld, slot: number, halfLifeMs: number): Float64Array {
  const sums = new Float64Array(CLOUDS.length);
  const one = new Float64Array(CLOUDS.length);
  for (const block of blocks) {
    recentShares(block, slot, { nowMs, halfLifeMs }, one);
    for (let cloud = 0; cloud < one.length; cloud += 1) sums[cloud] = (sums[cloud] as number) + (one[cloud] as number);
  }
  const busy = sums.reduce((sum, share) => sum + share, 0);
  return busy === 0 ? sums : sums.map((share) => share / busy);
}
