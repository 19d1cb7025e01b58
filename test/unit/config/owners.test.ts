import { expect, test } from 'vitest';
import { endpointsOf, ownersOf, pathOfOwner, policyOf, servicesOf } from '../../../src/config/owners.ts';
import { topologyOf } from './parse-text.ts';

const SHARED = topologyOf(`version: 1
backends:
  eu: { endpoints: [{ cloud: aws, region: eu-west-1, url: "http://10.0.0.1" }], breakers: { failures: 9 } }
  us: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.2" }] }
services:
  a: { match: { hosts: [a] }, backend: [eu, us] }
  b: { match: { hosts: [b] }, backend: eu }
  own: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.3" }] }
`);

test('each backend has its endpoints once, whoever sends to them, and each other service its own', () => {
  expect(ownersOf(SHARED).map(({ name }) => name)).toEqual(['eu', 'us', 'own']);
  expect(endpointsOf(SHARED).map(({ id }) => id)).toEqual([
    'eu/aws/eu-west-1/10.0.0.1:80',
    'us/aws/us-east-1/10.0.0.2:80',
    'own/aws/us-east-1/10.0.0.3:80',
  ]);
  expect(ownersOf(SHARED).map(({ name }) => servicesOf(SHARED, name))).toEqual([['a', 'b'], ['a'], ['own']]);
  expect(ownersOf(SHARED).map(({ name }) => pathOfOwner(SHARED, name)[0])).toEqual([
    'backends',
    'backends',
    'services',
  ]);
});

test('an endpoint goes by the policy of its own backend', () => {
  const [a, , own] = SHARED.services;
  const failures = (service: typeof a, i: number) =>
    service && policyOf(service, service.endpoints[i] as (typeof service.endpoints)[number]).breakers.failures;
  expect([failures(a, 0), failures(a, 1), failures(own, 0)]).toEqual([9, 5, 5]);
});

test('without backends the services are all that there is', () => {
  const { backends: _, ...plain } = SHARED;
  expect(ownersOf(plain)).toBe(SHARED.services);
});
