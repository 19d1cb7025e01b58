import { authorityOf } from './authority.ts';
import type { CloudMap } from './cloud-map.ts';
import { endpointId } from './endpoint-id.ts';
import { levelOf } from './load-level.ts';
import type { Path } from './problem.ts';
import type { Document } from './schema.ts';
import { ENDPOINT } from './schema-endpoint.ts';
import { BREAKERS, HEALTH, TIMEOUTS } from './schema-policies.ts';
import { UPSTREAM_TLS } from './schema-tls.ts';
import type { Backend, Endpoint, Place } from './topology.ts';
import type { EndpointUrl } from './topology-endpoint.ts';
import type { OriginTls } from './topology-origin.ts';
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
  return { ...endpointPolicy(['backends', name], given, document), endpoints: buildEndpoints(name, given, clouds) };
}

/** What belongs to the endpoints of a service or a backend, which stands at `at`. */
export function endpointPolicy(at: readonly [string, string], given: Given, file: Document): EndpointPolicy {
  const { connect, connection_age } = complete(TIMEOUTS, file.timeouts, given.timeouts);
  return {
    name: at[1],
    health: healthPolicy(file.health, given.health),
    breakers: breakerPolicy(file.breakers, given.breakers),
    timeouts: { connectMs: connect, connectionAgeMs: connection_age },
    tls: originTls([...at, 'tls'], given.tls),
  };
}

/** The endpoints of the service or backend `name`. */
export function buildEndpoints(name: string, { endpoints, host }: Given, clouds: CloudMap): readonly Endpoint[] {
  return (endpoints ?? []).map((endpoint) => buildEndpoint(name, endpoint, { common: host, clouds }));
}

function buildEndpoint(
  service: string,
  given: GivenEndpoint,
  { common, clouds }: { readonly common: Given['host']; readonly clouds: CloudMap },
): Endpoint {
  const { cloud, region, url, capacity, resolve, protocol, lat, lon, country, unless } = complete(ENDPOINT, given);
  const known = clouds.place(cloud, region);
  const at: Pick<Place, 'latitude' | 'longitude'> | undefined =
    lat === undefined || lon === undefined ? known : { latitude: lat, longitude: lon };
  // The rules let no endpoint through whose region is unknown and that has no coordinates.
  const { latitude, longitude } = at ?? { latitude: 0, longitude: 0 };
  const said = given.host ?? common ?? 'client';
  return {
    id: endpointId({ service, cloud, region, url }),
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
    ...(unless === undefined ? {} : { unless }),
    ...endpointShares(given),
  };
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

function originTls(at: Path, given: Given['tls']): OriginTls {
  const { ca, server_name, verify_name, cert, key, insecure } = complete(UPSTREAM_TLS, given);
  const client = cert === undefined || key === undefined ? undefined : { at, cert, key };
  return { ca, serverName: server_name, verifyName: verify_name, client, insecure };
}
