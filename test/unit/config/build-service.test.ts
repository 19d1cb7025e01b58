import { expect, test } from 'vitest';
import type { Service } from '../../../src/config/topology.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

function serviceOf(common: string, own = ''): Service {
  const [service] = topologyOf(`version: 1\n${common}\n${SERVICES}${own}`).services;
  if (service === undefined) throw new Error('the file has a service');
  return service;
}

test('a service has every default of the design', () => {
  const { routing, health, breakers, retries, timeouts, tls, match } = serviceOf('');
  expect(match).toEqual([{ hosts: [], prefixes: ['/'], paths: [], conditions: undefined }]);
  expect(tls).toEqual({
    ca: undefined,
    caOf: 'web',
    serverName: undefined,
    verifyName: undefined,
    client: undefined,
    clientOf: 'web',
    insecure: false,
  });
  expect(routing).toEqual({
    header: 'routing-priority',
    defaultPriority: 'balanced',
    select: 'best',
    latencyFrom: 'client',
    load: 'counted',
    loadMetric: 'auto',
    curve: 'linear',
    band: 0.01,
    failover: 'score',
    priorities: {
      latency: { latency: 0.5, capacity: 0.2, health: 0.25, diversity: 0.05 },
      reliability: { latency: 0.1, capacity: 0.3, health: 0.4, diversity: 0.2 },
      balanced: { latency: 0.3, capacity: 0.25, health: 0.3, diversity: 0.15 },
    },
    spillAt: Number.POSITIVE_INFINITY,
    overflowMax: Number.POSITIVE_INFINITY,
    shedAt: Number.POSITIVE_INFINITY,
    inFlightMax: 'off',
    panicBelow: 0,
    cloudWeights: { aws: 1, gcp: 1, azure: 1 },
    healthFloor: 0.5,
    diversityHalfLifeMs: 10_000,
    rampMs: 10_000,
  });
  expect(health).toEqual({
    intervalMs: 10_000,
    timeoutMs: 2000,
    path: '/healthz',
    host: undefined,
    expect: [[200, 399]],
    rise: 2,
    fall: 2,
    latencyLimitMs: 1000,
    errorRateDegraded: 0.01,
    errorRateUnhealthy: 0.1,
  });
  expect(breakers).toEqual({ failures: 5, successes: 2, openMs: 60_000, probes: 3 });
  expect(retries).toEqual({
    attempts: 3,
    budget: 0.2,
    budgetFloor: 10,
    bufferBytes: 65_536,
    statuses: [500, 502, 503, 504],
    retryAfterMaxMs: 60_000,
  });
  expect(timeouts).toEqual({
    connectMs: 1000,
    firstByteMs: 15_000,
    connectionAgeMs: 300_000,
    patienceMs: 'auto',
    patienceMethods: ['GET', 'HEAD', 'OPTIONS'],
    requestMs: Number.POSITIVE_INFINITY,
    requestHeader: undefined,
    requestHeaderFrom: 'never',
    idleMs: 60_000,
    streamMs: 300_000,
  });
});

test('an endpoint has an id, a place, and its defaults', () => {
  expect(serviceOf('').endpoints).toEqual([
    {
      id: 'web/aws/us-east-1/10.0.0.1:8080',
      service: 'web',
      cloud: 'aws',
      region: 'us-east-1',
      place: { latitude: 39.04, longitude: -77.49, country: 'US' },
      url: { protocol: 'http', host: '10.0.0.1', port: 8080, basePath: '' },
      publicUrl: '',
      host: undefined,
      capacity: 100,
      resolve: 'auto',
      weight: 1,
      tier: 1,
      set: undefined,
      protocol: 'h1',
    },
  ]);
});

test('coordinates go before the known place, and make a place of an unknown region', () => {
  const line = (region: string) => `      - { cloud: aws, region: ${region}, url: http://h, lat: 1.5, lon: -2 }\n`;
  const { endpoints } = serviceOf('', line('eu-west-1') + line('mine'));
  expect(endpoints[1]?.place).toEqual({ latitude: 1.5, longitude: -2, country: 'IE' });
  expect(endpoints[2]?.place).toEqual({ latitude: 1.5, longitude: -2, country: '' });
});

test('blocks of a service go over those of the file key by key', () => {
  const common = [
    'routing: { header: X-Prio, band: 0.1, priorities: { a: { latency: 1, capacity: 0, health: 0, diversity: 0 } } }',
    'health: { interval: 20s, path: /common }',
    'breakers: { failures: 7, probes: 8 }',
    'retries: { attempts: 2, buffer: 1MiB }',
    'timeouts: { connect: 2s, patience: "off" }',
  ].join('\n');
  const own = [
    '    routing: { band: 0, priorities: { balanced: { latency: 0, capacity: 0, health: 0, diversity: 1 } } }',
    '    health: { path: /own, expect: [204] }',
    '    breakers: { failures: 1 }',
    '    retries: { budget: 0, statuses: [] }',
    '    timeouts: { patience: 50ms }\n',
  ].join('\n');
  const service = serviceOf(common, own);
  expect(service.routing).toMatchObject({ header: 'x-prio', band: 0, healthFloor: 0.5 });
  expect(Object.keys(service.routing.priorities)).toEqual(['latency', 'reliability', 'balanced', 'a']);
  expect(service.routing.priorities['balanced']).toEqual({ latency: 0, capacity: 0, health: 0, diversity: 1 });
  expect(service.health).toMatchObject({ intervalMs: 20_000, path: '/own', expect: [[204, 204]], rise: 2 });
  expect(service.breakers).toEqual({ failures: 1, successes: 2, openMs: 60_000, probes: 8 });
  expect(service.retries).toMatchObject({ attempts: 2, budget: 0, bufferBytes: 1_048_576, statuses: [] });
  expect(service.timeouts).toMatchObject({ connectMs: 2000, firstByteMs: 15_000, patienceMs: 50, idleMs: 60_000 });
});

test('what one service overrides is not overridden for another', () => {
  const text = `version: 1\n${SERVICES}    breakers: { failures: 1 }\n  api:\n    match: { prefix: /api }\n    endpoints: [{ cloud: aws, region: us-east-1, url: http://h }]\n`;
  expect(topologyOf(text).services.map(({ breakers }) => breakers.failures)).toEqual([1, 5]);
});

test('every key of a policy goes where the topology wants it', () => {
  const common = [
    'routing: { default_priority: latency, select: weighted, latency_from: edge, curve: decay, failover: [gcp, aws], health_floor: 0.1, diversity_half_life: 2s, ramp: 3s }',
    'health: { interval: 4s, timeout: 3s, host: h, rise: 5, fall: 6, latency_limit: 7s, degraded_error_rate: 0.2, unhealthy_error_rate: 0.3 }',
    'breakers: { successes: 4, open_for: 5s }',
    'retries: { budget_floor: 1.5 }',
    'timeouts: { first_byte: 6s, idle: 7s }',
  ].join('\n');
  const own = '    tls: { ca: ca.pem, server_name: n }\n';
  const { routing, health, breakers, retries, timeouts, tls } = serviceOf(common, own);
  expect(routing).toMatchObject({
    defaultPriority: 'latency',
    select: 'weighted',
    latencyFrom: 'edge',
    curve: 'decay',
  });
  expect(routing).toMatchObject({
    failover: ['gcp', 'aws'],
    healthFloor: 0.1,
    diversityHalfLifeMs: 2000,
    rampMs: 3000,
  });
  expect(health).toMatchObject({
    intervalMs: 4000,
    timeoutMs: 3000,
    host: 'h',
    rise: 5,
    fall: 6,
    latencyLimitMs: 7000,
  });
  expect(health).toMatchObject({ errorRateDegraded: 0.2, errorRateUnhealthy: 0.3 });
  expect(breakers).toMatchObject({ successes: 4, openMs: 5000 });
  expect(retries.budgetFloor).toBe(1.5);
  expect(timeouts).toMatchObject({ firstByteMs: 6000, idleMs: 7000 });
  expect(tls).toMatchObject({
    ca: 'ca.pem',
    serverName: 'n',
    verifyName: undefined,
    client: undefined,
    insecure: false,
  });
});
