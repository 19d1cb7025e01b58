import { buildAlerts } from '../../../src/config/build-alerts.ts';
import { buildSlo } from '../../../src/config/build-slo.ts';
import type { Endpoint, Service, Topology } from '../../../src/config/topology.ts';
import type { HealthPolicy } from '../../../src/config/topology-policy.ts';

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
  return {
    id,
    service,
    cloud: 'aws',
    region: 'us-east-1',
    place: PLACE,
    url,
    publicUrl: '',
    host: undefined,
    capacity: 10,
    resolve: 'auto',
    ...SHARES,
    protocol: 'h1',
    ...rest,
  };
}

const SHARES = { weight: 1, tier: 1, set: undefined, overflowMax: undefined };

/** A service with these endpoints; only what health and discovery read is filled in with sense. */
export function serviceOf(endpoints: readonly Endpoint[], health: Partial<HealthPolicy> = {}, name = 'shop'): Service {
  return {
    name,
    match: [{ hosts: [], prefixes: ['/'], paths: [], conditions: undefined }],
    split: undefined,
    sticky: undefined,
    fences: [],
    limits: undefined,
    hedge: undefined,
    shed: undefined,
    endpoints,
    health: { ...HEALTH, ...health },
    timeouts: {
      connectMs: 1000,
      firstByteMs: 15_000,
      requestMs: Number.POSITIVE_INFINITY,
      requestHeader: undefined,
      requestHeaderFrom: 'never',
      patienceMs: 'auto',
      patienceMethods: ['GET'],
      connectionAgeMs: 300_000,
      idleMs: 60_000,
      streamMs: 300_000,
    },
    tls: {
      ca: undefined,
      caOf: name,
      serverName: undefined,
      verifyName: undefined,
      client: undefined,
      clientOf: name,
      insecure: false,
    },
    mode: 'proxy',
    rules: undefined,
    degraded: undefined,
    routing: {
      header: 'routing-priority',
      defaultPriority: 'balanced',
      select: 'best',
      latencyFrom: 'client',
      load: 'counted',
      loadMetric: 'auto',
      curve: 'linear',
      band: 0.01,
      failover: 'score',
      spillAt: Number.POSITIVE_INFINITY,
      overflowMax: Number.POSITIVE_INFINITY,
      shedAt: Number.POSITIVE_INFINITY,
      inFlightMax: 'off',
      panicBelow: 0,
      cloudWeights: { aws: 1, gcp: 1, azure: 1 },
      priorities: {},
      healthFloor: 0.5,
      diversityHalfLifeMs: 10_000,
      rampMs: 30_000,
    },
    breakers: { failures: 5, successes: 2, openMs: 60_000, probes: 1 },
    retries: {
      attempts: 3,
      budget: 0.2,
      budgetFloor: 3,
      bufferBytes: 65_536,
      retryAfterMaxMs: 0,
      statuses: [502, 503, 504],
    },
    slo: buildSlo(),
  };
}

export function topologyOf(...services: readonly Service[]): Topology {
  return {
    file: 'meridian.yaml',
    fleet: undefined,
    clouds: ['aws', 'gcp', 'azure'],
    chaos: {
      enabled: false,
      guard: { burnRate: 14.4, windowMs: 10_000, errors: 5, latencyMs: 10_000, healthFloor: 0.5 },
      experiments: [],
    },
    edge: {
      id: 'edge',
      pseudonym: 'edge',
      lastingId: 'edge',
      place: PLACE,
      placed: true,
      cloud: undefined,
      region: undefined,
      listeners: [],
      workers: 1,
      trustProxies: [],
      drainMs: 0,
      lameDuckMs: 0,
      healthPath: '',
      connectionsMax: 1000,
      connectionLimit: undefined,
      handshakesMax: 1000,
      handshakeMs: 10_000,
      keepAliveMs: 75_000,
      headMs: 10_000,
      accelerator: true,
      decisionHeaders: 'never',
    },
    admin: { listen: { host: '127.0.0.1', port: 0 }, token: '', hosts: [] },
    geoDatabase: 'builtin',
    log: { level: 'silent', format: 'json', access: false },
    alerts: buildAlerts(undefined),
    services,
  };
}
