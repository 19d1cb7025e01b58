import { expect, test } from 'vitest';
import { topologyOf } from './parse-text.ts';

const FILE = `version: 1
health: { path: /file, interval: 5s }
timeouts: { connect: 300ms }
backends:
  stable:
    endpoints:
      - { cloud: aws, region: us-east-1, url: "https://10.0.0.1", weight: 50%, tier: 1 }
      - { cloud: gcp, region: europe-west1, url: "https://10.1.0.1", tier: 2 }
    host: upstream
    tls: { server_name: x.example.com }
    health: { path: /own }
    timeouts: { connection_age: 1m }
  canary:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.2", set: beta }]
    timeouts: { connect: 2s }
services:
  a: { match: { hosts: [a] }, backend: stable, timeouts: { first_byte: 2s } }
  b:
    match: { hosts: [b] }
    backend: [{ name: canary, weight: 10% }, { name: stable, tier: 2 , weight: 50% }]
    split: { stable: 95, beta: 5 }
`;

test('a backend has the blocks of the file under its own, and endpoints that belong to it', () => {
  const { backends = [] } = topologyOf(FILE);
  const [stable] = backends;
  expect(stable?.health).toMatchObject({ path: '/own', intervalMs: 5000 });
  expect(stable?.timeouts).toEqual({ connectMs: 300, connectionAgeMs: 60_000 });
  expect(stable?.tls.serverName).toBe('x.example.com');
  expect(stable?.endpoints.map(({ id, service, host }) => [id, service, host])).toEqual([
    ['stable/aws/us-east-1/10.0.0.1:443', 'stable', '10.0.0.1'],
    ['stable/gcp/europe-west1/10.1.0.1:443', 'stable', '10.1.0.1'],
  ]);
});

test('services have the same endpoints, each with the weights, tiers and sets that they have for it', () => {
  const [a, b] = topologyOf(FILE).services;
  const shown = (service: typeof a) => service?.endpoints.map(({ id, weight, tier, set }) => [id, weight, tier, set]);
  expect(shown(a)).toEqual([
    ['stable/aws/us-east-1/10.0.0.1:443', 0.5, 1, undefined],
    ['stable/gcp/europe-west1/10.1.0.1:443', 1, 2, undefined],
  ]);
  expect(shown(b)).toEqual([
    ['canary/aws/us-east-1/10.0.0.2:80', 0.1, 1, 'beta'],
    ['stable/aws/us-east-1/10.0.0.1:443', 0.25, 2, 'stable'],
    ['stable/gcp/europe-west1/10.1.0.1:443', 0.5, 3, 'stable'],
  ]);
});

test('an attempt waits for a connection as long as the most patient backend allows', () => {
  const [a, b] = topologyOf(FILE).services;
  expect([a?.timeouts.connectMs, b?.timeouts.connectMs]).toEqual([300, 2000]);
  expect([a?.timeouts.firstByteMs, b?.timeouts.firstByteMs]).toEqual([2000, 15_000]);
});

test('a file without backends says nothing of them', () => {
  const topology = topologyOf(
    'version: 1\nservices: { a: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://x" }] } }',
  );
  expect('backends' in topology).toBe(false);
  expect(topology.services[0] && 'backends' in topology.services[0]).toBe(false);
});
