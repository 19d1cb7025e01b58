import { expect, test } from 'vitest';
import { SERVICES, topologyOf } from './parse-text.ts';

const edge = (fields: string) => topologyOf(`version: 1\nedge: { ${fields} }\n${SERVICES}`).edge;

test('an edge stands in its region', () => {
  expect(edge('region: azure/japaneast')).toMatchObject({
    cloud: 'azure',
    region: 'japaneast',
    place: { latitude: 35.68, longitude: 139.69, country: 'JP' },
  });
});

test('a place goes before the region, which still says the country', () => {
  expect(edge('region: azure/japaneast, place: { lat: 1, lon: 2 }').place).toEqual({
    latitude: 1,
    longitude: 2,
    country: 'JP',
  });
  expect(edge('region: aws/mine, place: { lat: 1, lon: 2 }')).toMatchObject({
    cloud: 'aws',
    region: 'mine',
    place: { latitude: 1, longitude: 2, country: '' },
  });
});

test('an edge of which nothing is known stands where the first endpoint does', () => {
  expect(edge('id: x').place).toEqual({ latitude: 39.04, longitude: -77.49, country: 'US' });
});

test('every key goes where the topology wants it', () => {
  const given =
    'id: e-1, listen: "[::1]:0", tls: { cert: c.pem, key: k.pem }, workers: 3, trust_proxies: [loopback], drain: 1s, lame_duck: 5s, health_path: /up, connections: 5, handshakes: 6, handshake_timeout: 4s, keep_alive: 2s, head_timeout: 3s, accelerator: off, decision_headers: always';
  expect(edge(given)).toMatchObject({
    id: 'e-1',
    listeners: [
      {
        name: '[::1]:0',
        listen: { host: '::1', port: 0 },
        tls: { certificates: [{ at: ['edge', 'tls'], cert: 'c.pem', key: 'k.pem' }] },
      },
    ],
    workers: 3,
    trustProxies: ['loopback'],
    drainMs: 1000,
    lameDuckMs: 5000,
    healthPath: '/up',
    connectionsMax: 5,
    connectionLimit: undefined,
    handshakesMax: 6,
    handshakeMs: 4000,
    keepAliveMs: 2000,
    headMs: 3000,
    accelerator: false,
    decisionHeaders: 'always',
  });
});
