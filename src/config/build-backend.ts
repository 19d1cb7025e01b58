import { authorityOf } from './authority.ts';
import { buildOriginTls, ownOriginTls } from './build-origin-tls.ts';
import type { CloudMap } from './cloud-map.ts';
import { endpointId } from './endpoint-id.ts';
import { levelOf } from './load-level.ts';
import type { Document } from './schema.ts';
import { ENDPOINT } from './schema-endpoint.ts';
import { BREAKERS, HEALTH, TIMEOUTS } from './schema-policies.ts';
import type { Backend, Endpoint, Place } from './topology.ts';
import type { EndpointUrl } from './topology-endpoint.ts';
import type { BreakerPolicy, EndpointPolicy, HealthPolicy } from './topology-policy.ts';
import type { EndpointShares } from './topology-shares.ts';
import { complete } from './zod-schema.ts';

/** What services and backends say alike. */
type Given = Pick<
  NonNullable<Document['services']>[string],
  'endpoints' | 'host' | 'tls' | 'health' | 'breakers' | 'timeouts'
>;
type GivenEndpoint = NonNullable<Given['endpoints']>[number];

/** Endpoints that services share, with the file's blocks under their own. */
export function buildBackend(
  name: string,
  given: Given,
  { document, clouds }: { readonly document: Document; readonly clouds: CloudMap },
): Backend {
  const at = ['backends', name] as const;
  return { ...endpointPolicy(at, given, document), endpoints: buildEndpoints(at, given, clouds) };
}

/** What belongs to the endpoints of a service or a backend, which stands at `at`. */
export function endpointPolicy(at: readonly [string, string], given: Given, file: Document): EndpointPolicy {
  const { connect, connection_age } = complete(TIMEOUTS, file.timeouts, given.timeouts);
  return {
    name: at[1],
    health: healthPolicy(file.health, given.health),
    breakers: breakerPolicy(file.breakers, given.breakers),
    timeouts: { connectMs: connect, connectionAgeMs: connection_age },
    tls: buildOriginTls(at, given.tls),
  };
}

/** The endpoints of the service or backend that stands at `at`. */
export function buildEndpoints(at: readonly [string, string], given: Given, clouds: CloudMap): readonly Endpoint[] {
  return (given.endpoints ?? []).map((endpoint, i) => buildEndpoint(endpoint, { at, common: given, i, clouds }));
}

type Within = {
  readonly at: readonly [string, string];
  readonly common: Given;
  readonly i: number;
  readonly clouds: CloudMap;
};

function buildEndpoint(given: GivenEndpoint, { at: owner, common, i, clouds }: Within): Endpoint {
  const { cloud, region, url, capacity, resolve, protocol, lat, lon, country } = complete(ENDPOINT, given);
  const [, service] = owner;
  const known = clouds.place(cloud, region);
  const { latitude, longitude } = pointOf(lat, lon, known);
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
    ...(given.tls === undefined ? {} : { tls: ownOriginTls({ owner, i, id }, common.tls, given.tls) }),
    ...endpointSwitches(given),
    ...endpointShares(given),
  };
}

function endpointSwitches(given: GivenEndpoint): Pick<Endpoint, 'expand' | 'unless'> {
  const { expand = 0, unless } = complete(ENDPOINT, given);
  return { ...(expand === 0 ? {} : { expand }), ...(unless === undefined ? {} : { unless }) };
}

/** The coordinates that are given, or else those of the region. */
function pointOf(lat: number | undefined, lon: number | undefined, known: Point | undefined): Point {
  if (lat !== undefined && lon !== undefined) return { latitude: lat, longitude: lon };
  // The rules let no endpoint through whose region is unknown and that has no coordinates.
  return known ?? { latitude: 0, longitude: 0 };
}

type Point = Pick<Place, 'latitude' | 'longitude'>;

function endpointShares(given: GivenEndpoint): EndpointShares {
  const { weight, tier, set, overflow_max } = complete(ENDPOINT, given);
  // `off` is a bound too: none, whatever the service says.
  const overflowMax = overflow_max === undefined ? undefined : (levelOf(overflow_max) ?? Number.POSITIVE_INFINITY);
  return { weight, tier, set, overflowMax };
}

function urlText(url: EndpointUrl): string {
  return `${url.protocol}://${authorityOf(url)}${url.basePath}`;
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
