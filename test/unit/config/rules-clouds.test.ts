import { expect, test } from 'vitest';
import { problemsOf, topologyOf } from './parse-text.ts';

const ENDPOINT = '{ cloud: onprem, region: dc, url: "http://10.0.0.1" }';
const CLOUDS = 'clouds: { onprem: { regions: { dc: { lat: 50, lon: 8, country: DE } } }, oci: {} }';
const file = (more: string, clouds = CLOUDS) => `version: 1\n${clouds}\n${more}\n`;
const services = (inside: string, endpoint = ENDPOINT) =>
  `services:\n  web:\n    ${inside}\n    endpoints: [${endpoint}]`;

test('clouds of the file’s own are named wherever clouds are', () => {
  const {
    clouds,
    services: all,
    edge,
    chaos,
  } = topologyOf(
    file(
      [
        'edge: { region: onprem/dc }',
        'routing: { failover: [onprem, aws], cloud_weights: { onprem: 50%, aws: 10% } }',
        'chaos: { experiments: { x: { kind: failure, radius: 1%, scope: { cloud: onprem } } } }',
        services(
          'routing: { cloud_weights: { onprem: 25% } }\n    fence: { only: { clouds: [onprem, oci], countries: [DE], regions: [onprem/dc] } }\n    degraded: { fallbacks: [{ url: "http://f", cloud: oci }] }',
        ),
      ].join('\n'),
    ),
  );
  expect(clouds).toEqual(['aws', 'gcp', 'azure', 'onprem', 'oci']);
  expect(edge).toMatchObject({ cloud: 'onprem', region: 'dc', place: { latitude: 50, longitude: 8, country: 'DE' } });
  expect(all[0]?.endpoints[0]).toMatchObject({ id: 'web/onprem/dc/10.0.0.1:80', place: { country: 'DE' } });
  expect(all[0]?.routing).toMatchObject({
    failover: ['onprem', 'aws'],
    cloudWeights: { aws: 0.1, gcp: 1, azure: 1, onprem: 0.25, oci: 1 },
  });
  expect(all[0]?.fences[0]?.only.clouds).toEqual(['onprem', 'oci']);
  expect(all[0]?.degraded?.fallbacks[0]?.site.cloud).toBe('oci');
  expect(chaos.experiments[0]?.scope.cloud).toBe('onprem');
});

test('a file without any is as before', () => {
  expect(
    topologyOf(`version: 1\n${services('slo: {}', '{ cloud: aws, region: us-east-1, url: "http://a" }')}`),
  ).toMatchObject({
    clouds: ['aws', 'gcp', 'azure'],
    services: [{ routing: { cloudWeights: { aws: 1, gcp: 1, azure: 1 } } }],
  });
});

const MEANT = 'must be aws, gcp, azure, onprem or oci; it is "onprm"; did you mean "onprem"?';

test.each([
  ['edge: { region: onprm/dc }', '3:17 edge.region'],
  ['routing: { failover: [aws, onprm] }', '3:28 routing.failover[1]'],
  ['routing: { cloud_weights: { onprm: 5% } }', '3:29 routing.cloud_weights.onprm'],
])('%s', (line, where) => {
  expect(problemsOf(file(`${line}\n${services('slo: {}')}`))).toEqual([`${where}: ${MEANT}`]);
});

test.each([
  ['slo: {}', ENDPOINT.replace('onprem', 'onprm'), '6:26 services.web.endpoints[0].cloud'],
  ['fence: { only: { clouds: [onprem, onprm] } }', ENDPOINT, '5:39 services.web.fence.only.clouds[1]'],
  [
    'degraded: { fallbacks: [{ url: "http://f", cloud: onprm }] }',
    ENDPOINT,
    '5:55 services.web.degraded.fallbacks[0].cloud',
  ],
  ['routing: { failover: [onprm] }', ENDPOINT, '5:27 services.web.routing.failover[0]'],
])('%s of a service', (inside, endpoint, where) => {
  expect(problemsOf(file(services(inside, endpoint)))).toEqual([`${where}: ${MEANT}`]);
});

test('a region that is nowhere is told of, with the two ways to say where it is', () => {
  expect(problemsOf(file(services('slo: {}', ENDPOINT.replace('region: dc', 'region: attic'))))).toEqual([
    '6:42 services.web.endpoints[0].region: nobody knows where onprem/attic is; did you mean dc? Say so in clouds.onprem: { regions: { attic: { lat: 48.9, lon: 2.4 } } }, or add lat and lon',
  ]);
});

test('there are not too many of them', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `c${i}: {}`).join(', ');
  const at = ENDPOINT.replace('onprem, region: dc', 'c0, region: dc, lat: 1, lon: 2');
  expect(problemsOf(file(services('slo: {}', at), `clouds: { ${names(13)}, aws: {} }`))).toEqual([]);
  expect(problemsOf(file(services('slo: {}', at), `clouds: { ${names(14)} }`))).toEqual([
    '2:1 clouds: has 14 clouds of its own; at most 13 fit',
  ]);
  const regions = Array.from({ length: 257 }, (_, i) => `r${i}: { lat: 1, lon: 2 }`).join(', ');
  expect(problemsOf(file(services('slo: {}', at), `clouds: { c0: { regions: { ${regions} } } }`))[0]).toContain(
    'clouds.c0.regions: has 257 regions; at most 256 fit',
  );
});

test.each([
  ['clouds: { On_Prem: {} }', 'clouds.On_Prem: is no name: it must be lower-case letters, digits and "-", at most 32'],
  ['clouds: { onprem: { place: x } }', 'clouds.onprem.place: is no key of this block'],
  [
    'clouds: { onprem: { regions: { dc: { lat: 100, lon: 1 } } } }',
    'clouds.onprem.regions.dc.lat: must be a number from -90 to 90',
  ],
])('%s', (clouds, problem) => {
  expect(problemsOf(file(services('slo: {}', '{ cloud: aws, region: us-east-1, url: "http://a" }'), clouds))).toEqual([
    expect.stringContaining(problem),
  ]);
});
