import { expect, test } from 'vitest';
import { targetOf, textsFor } from '../../../src/health/check-target.ts';
import { threeClouds } from '../../support/topology.ts';

test('a check asks what its service says, and keeps its connection over two intervals', () => {
  const [service] = threeClouds().services;
  if (service === undefined) throw new Error('no service');
  const [endpoint] = service.endpoints;
  if (endpoint === undefined) throw new Error('no endpoint');
  const health = { ...service.health, path: '/up', host: 'h', intervalMs: 5000, timeoutMs: 700 };
  expect(targetOf(endpoint, { ...service, health }, { ca: 'PEM', shown: undefined })).toEqual({
    url: endpoint.url,
    path: '/up',
    host: 'h',
    protocol: 'h1',
    grpc: undefined,
    timeoutMs: 700,
    connectMs: service.timeouts.connectMs,
    keepAliveMs: 10_700,
    expect: health.expect,
    ca: 'PEM',
    shown: undefined,
    serverName: '10.0.0.1',
    verifyName: undefined,
    insecure: false,
    sendProxy: undefined,
  });
});

test('a check is for the same name as requests are', () => {
  const [service] = threeClouds({ service: 'host: Shop.internal:8443' }).services;
  const [endpoint] = service?.endpoints ?? [];
  if (service === undefined || endpoint === undefined) throw new Error('no endpoint');
  expect(targetOf(endpoint, service, { ca: undefined, shown: undefined })).toMatchObject({
    host: 'Shop.internal:8443',
    serverName: 'shop.internal',
  });
});

test('an endpoint that says what it is trusted by is checked by that', () => {
  const [service] = threeClouds().services;
  const [endpoint] = service?.endpoints ?? [];
  if (service === undefined || endpoint === undefined) throw new Error('no endpoint');
  const pem = { authorities: { shop: 'common', [endpoint.id]: 'own' }, clientPairs: {} };
  expect(textsFor(endpoint, service, pem)).toEqual({ ca: 'common', shown: undefined });
  const tls = { ...service.tls, caOf: endpoint.id, verifyName: 'proof', serverName: 'asked', insecure: true };
  const own = { ...endpoint, tls };
  expect(textsFor(own, service, pem)).toEqual({ ca: 'own', shown: undefined });
  expect(targetOf(own, service, textsFor(own, service, pem))).toMatchObject({
    ca: 'own',
    serverName: 'asked',
    verifyName: 'proof',
    insecure: true,
  });
});
