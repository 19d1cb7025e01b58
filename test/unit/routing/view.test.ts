import { expect, test } from 'vitest';
import type { Service } from '../../../src/config/topology.ts';
import { viewOf } from '../../../src/routing/view.ts';
import { cloudBreakerIndex } from '../../../src/table/endpoint-table.ts';
import { threeClouds, topologyOf } from '../../support/topology.ts';

const service = threeClouds({ each: 2 }).services[0] as Service;
const placement = {
  rows: Object.fromEntries(service.endpoints.map(({ id }, i) => [id, 10 + 2 * i])),
  slots: { shop: 3 },
};

test('a view is the service as columns, in the order of the file', () => {
  const view = viewOf(service, placement);
  expect([...view.rows]).toEqual([10, 12, 14, 16, 18, 20]);
  expect([...view.clouds]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...view.capacities]).toEqual([100, 100, 100, 100, 100, 100]);
  expect(view.slot).toBe(3);
  expect(view.targets[3]).toEqual({
    row: 16,
    cloudBreaker: cloudBreakerIndex(3, 1),
    endpointsInCloud: 2,
    policy: service.breakers,
  });
  expect([view.groups.length, view.scores.length]).toEqual([6, 6]);
});

test.each([
  ['score', [0, 0, 0]],
  ['[aws, gcp, azure]', [0, 1, 2]],
  ['[azure, aws]', [1, 2, 0]],
])('failover: %s ranks the clouds %j', (failover, ranks) => {
  const [of] = threeClouds({ each: 2, service: `routing: { failover: ${failover} }` }).services;
  expect([...viewOf(of as Service, placement).failoverRank]).toEqual(ranks);
});

test('clouds of the file’s own have numbers after the three, and a place in the order', () => {
  const [of] = topologyOf(
    [
      'version: 1',
      'clouds: { onprem: {}, oci: {} }',
      'services:',
      '  shop:',
      '    routing: { failover: [oci, aws] }',
      '    endpoints:',
      '      - { cloud: onprem, region: dc, lat: 1, lon: 2, url: "http://a" }',
      '      - { cloud: oci, region: fra, lat: 1, lon: 2, url: "http://b" }',
      '      - { cloud: aws, region: us-east-1, url: "http://c" }',
    ].join('\n'),
  ).services;
  const rows = Object.fromEntries((of as Service).endpoints.map(({ id }, i) => [id, i]));
  const view = viewOf(of as Service, {
    rows,
    slots: { shop: 1 },
    clouds: { aws: 0, gcp: 1, azure: 2, oci: 3, onprem: 4 },
  });
  expect([view.cloudCount, ...view.clouds]).toEqual([5, 4, 3, 0]);
  // One that the order does not name comes after those that it names.
  expect([...view.failoverRank]).toEqual([1, 0, 0, 0, 2]);
  expect(view.targets.map(({ cloudBreaker }) => cloudBreaker)).toEqual(
    [4, 3, 0].map((cloud) => cloudBreakerIndex(1, cloud)),
  );
});

test('a placement that does not fit the service is a programmer’s error', () => {
  expect(() => viewOf(service, { ...placement, slots: {} })).toThrow('has no slot');
  expect(() => viewOf(service, { ...placement, rows: {} })).toThrow('has no row');
});
