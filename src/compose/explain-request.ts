import type { Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { LatencyRows } from '../edge/request/latency-rows.ts';
import { Locator, type Whereabouts } from '../geo/locate.ts';
import type { GeoDatabase } from '../geo/maxmind.ts';
import { type Ask, liveOf, readShares } from '../routing/ask.ts';
import { type Explanation, explain } from '../routing/explain.ts';
import { priorityOf } from '../routing/priorities.ts';
import { viewOf } from '../routing/view.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';

export type ExplainQuery = {
  readonly clientIp: string;
  readonly priority: string | undefined;
  readonly service: string | undefined;
};

export type ExplainWorld = {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly geo: GeoDatabase;
  readonly table: EndpointTable;
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
  const names = topology.services.map(({ name }) => name);
  const service = topology.services.find(({ name }) => name === (query.service ?? names[0]));
  if (service === undefined) return { error: `no service "${query.service}"; there are: ${names.join(', ')}` };
  const view = viewOf(service, world.placement);
  const priority = priorityOf(view, query.priority);
  if (!priority.known) {
    return { error: `no priority "${query.priority}"; there are: ${[...view.priorities.keys()].join(', ')}` };
  }
  const client = new Locator(world.geo, topology.edge.place).locate(query.clientIp);
  const live = liveOf(world.table);
  const rows = new LatencyRows(service, topology.edge.place);
  const shares = new Float64Array(CLOUDS.length);
  readShares(live.columns, view.slot, shares);
  const ask: Ask = {
    weights: priority.weights,
    latency:
      service.routing.latencyFrom === 'client'
        ? rows.from(client)
        : rows.measured(live.columns, view.rows, world.nowMs),
    shares,
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
