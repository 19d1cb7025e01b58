import type { Endpoint, Service, Topology } from '../../../src/config/topology.ts';
import type { HealthPolicy } from '../../../src/config/topology-policy.ts';
import { SERVICES, topologyOf as topologyOfText } from '../config/parse-text.ts';

/** What the least file says: all that a test leaves out is as in it. */
const LEAST = topologyOfText(`version: 1\n${SERVICES}`);
const [SERVICE] = LEAST.services as readonly [Service];
const [ENDPOINT] = SERVICE.endpoints as readonly [Endpoint];

export const HEALTH: HealthPolicy = {
  intervalMs: 10_000,
  timeoutMs: 2000,
  path: '/healthz',
  grpc: undefined,
  host: undefined,
  expect: [[200, 399]],
  rise: 2,
  fall: 2,
  latencyLimitMs: 1000,
  errorRateDegraded: 0.01,
  errorRateUnhealthy: 0.1,
};

const PLACE = { latitude: 0, longitude: 0, country: '' };

export function endpointOf(host: string, more: Partial<Endpoint> & { port?: number; service?: string } = {}): Endpoint {
  const { port = 80, ...rest } = more;
  const service = rest.service ?? 'shop';
  const id = `${service}/aws/us-east-1/${host}:${port}`;
  const url = { protocol: 'http', host, port, basePath: '' } as const;
  return { ...ENDPOINT, id, service, place: PLACE, url, host: undefined, capacity: 10, ...rest };
}

/** A service with these endpoints; one probe at a time, so that breakers are quick to follow. */
export function serviceOf(endpoints: readonly Endpoint[], health: Partial<HealthPolicy> = {}, name = 'shop'): Service {
  const { routing, breakers, tls } = SERVICE;
  return {
    ...SERVICE,
    name,
    endpoints,
    health: { ...HEALTH, ...health },
    tls: { ...tls, caOf: name, clientOf: name },
    routing: { ...routing, rampMs: 30_000 },
    breakers: { ...breakers, probes: 1 },
  };
}

export function topologyOf(...services: readonly Service[]): Topology {
  return { ...LEAST, services };
}
