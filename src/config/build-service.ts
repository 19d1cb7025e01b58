import { authorityOf } from './authority.ts';
import { buildDegraded } from './build-degraded.ts';
import { buildFences } from './build-fence.ts';
import { buildHedge } from './build-hedge.ts';
import { buildLimits } from './build-limits.ts';
import { buildMatch } from './build-match.ts';
import { buildOriginTls, ownOriginTls } from './build-origin-tls.ts';
import { buildRules } from './build-rules.ts';
import { buildShed } from './build-shed.ts';
import { buildSlo } from './build-slo.ts';
import { buildSticky } from './build-sticky.ts';
import type { CloudMap } from './cloud-map.ts';
import { endpointId } from './endpoint-id.ts';
import { levelOf } from './load-level.ts';
import { PRIORITIES } from './priorities.ts';
import type { Document } from './schema.ts';
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
  Weights,
} from './topology.ts';
import type { Cloud } from './topology-cloud.ts';
import type { EndpointUrl } from './topology-endpoint.ts';
import type { EndpointShares } from './topology-shares.ts';
import type { TimeoutPolicy } from './topology-timeouts.ts';
import { complete } from './zod-schema.ts';

type GivenService = NonNullable<Document['services']>[string];
type GivenEndpoint = NonNullable<GivenService['endpoints']>[number];

/** The file, and its clouds. */
type Around = { readonly document: Document; readonly clouds: CloudMap };

/** A service with its own blocks laid over those of the file, key by key. */
export function buildService(name: string, given: GivenService, { document: file, clouds }: Around): Service {
  return {
    name,
    match: buildMatch(given.match),
    endpoints: (given.endpoints ?? []).map((endpoint, i) =>
      buildEndpoint(name, endpoint, { service: given, i, clouds }),
    ),
    mode: MODES[given.mode ?? 'proxy'],
    split: given.split,
    sticky: buildSticky(given.sticky),
    fences: buildFences(given.fence),
    routing: routingPolicy(
      { placed: isPlaced(file.edge) && (given.mode ?? 'proxy') === 'proxy', clouds: clouds.names },
      file.routing,
      given.routing,
    ),
    health: healthPolicy(file.health, given.health),
    breakers: breakerPolicy(file.breakers, given.breakers),
    retries: retryPolicy(file.retries, given.retries),
    timeouts: timeoutPolicy(file.timeouts, given.timeouts),
    limits: buildLimits(given.limits),
    hedge: buildHedge(given.hedge),
    shed: buildShed(given.shed),
    slo: buildSlo(file.slo, given.slo),
    tls: buildOriginTls(name, given.tls),
    rules: buildRules(given),
    degraded: buildDegraded(given.degraded, clouds),
  };
}

const MODES = { proxy: 'proxy', redirect: 307, 'permanent-redirect': 308 } as const;

function buildEndpoint(
  service: string,
  given: GivenEndpoint,
  { service: common, i, clouds }: Pick<Around, 'clouds'> & { readonly service: GivenService; readonly i: number },
): Endpoint {
  const { cloud, region, url, capacity, resolve, protocol, lat, lon, country, unless } = complete(ENDPOINT, given);
  const known = clouds.place(cloud, region);
  const at: Pick<Place, 'latitude' | 'longitude'> | undefined =
    lat === undefined || lon === undefined ? known : { latitude: lat, longitude: lon };
  // The rules let no endpoint through whose region is unknown and that has no coordinates.
  const { latitude, longitude } = at ?? { latitude: 0, longitude: 0 };
  const said = given.host ?? common.host ?? 'client';
  const id = endpointId({ service, cloud, region, url });
  return {
    id,
    service,
    cloud,
    region,
    place: { latitude, longitude, country: country ?? known?.country ?? '' },
    url,
    publicUrl: given.public_url === undefined ? '' : urlText(given.public_url),
    host: said === 'client' ? undefined : said === 'upstream' ? authorityOf(url) : said,
    capacity,
    resolve,
    protocol,
    ...(given.tls === undefined ? {} : { tls: ownOriginTls({ service, i, id }, common.tls, given.tls) }),
    ...(unless === undefined ? {} : { unless }),
    ...sentProxy(given.send_proxy ?? common.send_proxy),
    ...endpointShares(given),
  };
}

function sentProxy(said: GivenEndpoint['send_proxy']): Pick<Endpoint, 'sendProxy'> {
  return said === undefined || said === 'off' ? {} : { sendProxy: said };
}

function endpointShares(given: GivenEndpoint): EndpointShares {
  const { weight, tier, set, overflow_max } = complete(ENDPOINT, given);
  // `off` is a bound too: none, whatever the service says.
  const overflowMax = overflow_max === undefined ? undefined : (levelOf(overflow_max) ?? Number.POSITIVE_INFINITY);
  return { weight, tier, set, overflowMax };
}

function urlText(url: EndpointUrl): string {
  return `${url.protocol}://${authorityOf(url)}${url.basePath}`;
}

function routingPolicy(
  { placed, clouds }: { readonly placed: boolean; readonly clouds: readonly Cloud[] },
  ...layers: readonly Document['routing'][]
): RoutingPolicy {
  const routing = complete(ROUTING, ...layers);
  return {
    header: routing.header,
    defaultPriority: routing.default_priority,
    select: routing.select,
    latencyFrom: routing.latency_from === 'auto' ? (placed ? 'edge' : 'client') : routing.latency_from,
    curve: routing.curve,
    load: routing.load,
    loadMetric: routing.load_metric,
    band: routing.band,
    failover: routing.failover,
    spillAt: levelOf(routing.spill_at) ?? Number.POSITIVE_INFINITY,
    overflowMax: levelOf(routing.overflow_max) ?? Number.POSITIVE_INFINITY,
    shedAt: levelOf(routing.shed_at) ?? Number.POSITIVE_INFINITY,
    panicBelow: routing.panic_below,
    cloudWeights: cloudWeights(clouds, layers),
    priorities: mergedPriorities(layers),
    healthFloor: routing.health_floor,
    diversityHalfLifeMs: routing.diversity_half_life,
    rampMs: routing.ramp,
  };
}

/** Of every cloud, as the last layer that names it says; all of it where none does. */
function cloudWeights(
  clouds: readonly Cloud[],
  layers: readonly Document['routing'][],
): Readonly<Record<Cloud, number>> {
  const given = layers.flatMap((layer) => Object.entries(layer?.cloud_weights ?? {}));
  return Object.fromEntries([...clouds.map((cloud) => [cloud, 1] as const), ...given]);
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
    grpc: health.grpc,
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
  const { connect, first_byte, patience, patience_methods, connection_age, idle, stream, ...rest } = complete(
    TIMEOUTS,
    ...layers,
  );
  return {
    connectMs: connect,
    firstByteMs: first_byte,
    patienceMs: patience,
    patienceMethods: patience_methods,
    requestMs: rest.request === 'off' ? Number.POSITIVE_INFINITY : rest.request,
    requestHeader: rest.request_header,
    requestHeaderFrom: rest.request_header_from,
    connectionAgeMs: connection_age,
    idleMs: idle,
    streamMs: stream,
  };
}
