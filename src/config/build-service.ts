import { buildDegraded } from './build-degraded.ts';
import { buildFences } from './build-fence.ts';
import { buildHedge } from './build-hedge.ts';
import { buildLimits } from './build-limits.ts';
import { buildShed } from './build-shed.ts';
import { buildSlo } from './build-slo.ts';
import { findRegion } from './cloud-regions.ts';
import { endpointId } from './endpoint-id.ts';
import { PRIORITIES } from './priorities.ts';
import { type Document, MATCH, UPSTREAM_TLS } from './schema.ts';
import { ENDPOINT } from './schema-endpoint.ts';
import { BREAKERS, HEALTH, RETRIES, ROUTING, TIMEOUTS, WEIGHTS } from './schema-policies.ts';
import type {
  BreakerPolicy,
  Endpoint,
  HealthPolicy,
  Place,
  RetryPolicy,
  RoutingPolicy,
  Service,
  TimeoutPolicy,
  Weights,
} from './topology.ts';
import { complete } from './zod-schema.ts';

type GivenService = NonNullable<Document['services']>[string];
type GivenEndpoint = NonNullable<GivenService['endpoints']>[number];

/** A service with its own blocks laid over those of the file, key by key. */
export function buildService(name: string, given: GivenService, file: Document): Service {
  const { hosts, prefix } = complete(MATCH, given.match);
  const { ca, server_name } = complete(UPSTREAM_TLS, given.tls);
  return {
    name,
    match: { hosts, prefix },
    endpoints: (given.endpoints ?? []).map((endpoint) => buildEndpoint(name, endpoint)),
    fences: buildFences(given.fence),
    routing: routingPolicy(isPlaced(file.edge), file.routing, given.routing),
    health: healthPolicy(file.health, given.health),
    breakers: breakerPolicy(file.breakers, given.breakers),
    retries: retryPolicy(file.retries, given.retries),
    timeouts: timeoutPolicy(file.timeouts, given.timeouts),
    limits: buildLimits(given.limits),
    hedge: buildHedge(given.hedge),
    shed: buildShed(given.shed),
    slo: buildSlo(file.slo, given.slo),
    tls: { ca, serverName: server_name },
    degraded: buildDegraded(given.degraded),
  };
}

function buildEndpoint(service: string, given: GivenEndpoint): Endpoint {
  const { cloud, region, url, capacity, resolve, protocol, lat, lon, country } = complete(ENDPOINT, given);
  const known = findRegion(cloud, region)?.place;
  const at: Pick<Place, 'latitude' | 'longitude'> | undefined =
    lat === undefined || lon === undefined ? known : { latitude: lat, longitude: lon };
  // The rules let no endpoint through whose region is unknown and that has no coordinates.
  const { latitude, longitude } = at ?? { latitude: 0, longitude: 0 };
  const place: Place = { latitude, longitude, country: country ?? known?.country ?? '' };
  const id = endpointId({ service, cloud, region, url });
  return { id, service, cloud, region, place, url, capacity, resolve, protocol };
}

function routingPolicy(placed: boolean, ...layers: readonly Document['routing'][]): RoutingPolicy {
  const routing = complete(ROUTING, ...layers);
  return {
    header: routing.header,
    defaultPriority: routing.default_priority,
    select: routing.select,
    latencyFrom: routing.latency_from === 'auto' ? (placed ? 'edge' : 'client') : routing.latency_from,
    curve: routing.curve,
    band: routing.band,
    failover: routing.failover,
    priorities: mergedPriorities(layers),
    healthFloor: routing.health_floor,
    diversityHalfLifeMs: routing.diversity_half_life,
    rampMs: routing.ramp,
  };
}

/** Whether the file says where the edge stands. */
function isPlaced(edge: Document['edge']): boolean {
  return edge?.region !== undefined || (edge?.place?.lat !== undefined && edge.place.lon !== undefined);
}

/** The published priorities, and what each layer adds or puts in their place. */
function mergedPriorities(layers: readonly Document['routing'][]): Readonly<Record<string, Weights>> {
  const given = layers.flatMap((layer) => Object.entries(layer?.priorities ?? {}));
  return { ...PRIORITIES, ...Object.fromEntries(given.map(([name, weights]) => [name, complete(WEIGHTS, weights)])) };
}

function healthPolicy(...layers: readonly Document['health'][]): HealthPolicy {
  const health = complete(HEALTH, ...layers);
  return {
    intervalMs: health.interval,
    timeoutMs: health.timeout,
    path: health.path,
    host: health.host,
    expect: health.expect,
    rise: health.rise,
    fall: health.fall,
    latencyLimitMs: health.latency_limit,
    errorRateDegraded: health.degraded_error_rate,
    errorRateUnhealthy: health.unhealthy_error_rate,
  };
}

function breakerPolicy(...layers: readonly Document['breakers'][]): BreakerPolicy {
  const { failures, successes, open_for, probes } = complete(BREAKERS, ...layers);
  return { failures, successes, openMs: open_for, probes };
}

function retryPolicy(...layers: readonly Document['retries'][]): RetryPolicy {
  const { attempts, budget, budget_floor, buffer, statuses, retry_after_max } = complete(RETRIES, ...layers);
  return {
    attempts,
    budget,
    budgetFloor: budget_floor,
    bufferBytes: buffer,
    statuses,
    retryAfterMaxMs: retry_after_max,
  };
}

function timeoutPolicy(...layers: readonly Document['timeouts'][]): TimeoutPolicy {
  const { connect, first_byte, patience, patience_methods, connection_age, idle } = complete(TIMEOUTS, ...layers);
  return {
    connectMs: connect,
    firstByteMs: first_byte,
    patienceMs: patience,
    patienceMethods: patience_methods,
    connectionAgeMs: connection_age,
    idleMs: idle,
  };
}
