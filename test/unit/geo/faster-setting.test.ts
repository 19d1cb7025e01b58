import { expect, test } from 'vitest';
import { countryPoints } from '../../../src/geo/country-points.ts';
import { estimateRttMs } from '../../../src/geo/estimate.ts';
import { fasterSettings, NEWS_MS } from '../../../src/geo/faster-setting.ts';
import { POPULOUS } from '../../../src/geo/populous.ts';
import { topologyOf } from '../../support/topology.ts';

type Given = {
  readonly edge?: string;
  readonly top?: string;
  readonly service?: string;
  readonly more?: readonly string[];
};

/** Virginia, Frankfurt and Tokyo, seen from an edge in Frankfurt, as the file says where nothing else does. */
function found({ edge = 'region: gcp/europe-west3', top = '', service = '', more = ['', '', ''] }: Given = {}) {
  const url = (n: number) => `url: "http://10.0.0.${n}", public_url: "https://${n}.example.com"`;
  const plain = service.includes('mode:') ? url : (n: number) => url(n).replace(/, public_url.*/, '');
  return fasterSettings(
    topologyOf(`version: 1
edge: { id: a, ${edge} }
${top}
services:
  shop:
    ${service}
    endpoints:
      - { cloud: aws, region: us-east-1, ${plain(1)}${more[0]} }
      - { cloud: gcp, region: europe-west3, ${plain(2)}${more[1]} }
      - { cloud: azure, region: japaneast, ${plain(3)}${more[2]} }
`),
  );
}
const CLIENT = 'routing: { latency_from: client }';

test('an edge that counts from its clients sends those of other continents around the world, and is told so', () => {
  const [one, ...others] = found({ service: CLIENT });
  expect(others).toEqual([]);
  expect(one).toMatchObject({ service: 'shop', latencyFrom: 'edge' });
  const countries = one?.countries ?? {};
  // Whoever is near Tokyo is answered from there, through Frankfurt: that leg is what is lost.
  const frankfurt = { latitude: 50.11, longitude: 8.68, country: 'DE' };
  const tokyo = { latitude: 35.68, longitude: 139.77, country: 'JP' };
  const lostMs = estimateRttMs(frankfurt, tokyo) - estimateRttMs(frankfurt, { ...frankfurt });
  expect(Math.abs((countries['JP'] as number) - lostMs)).toBeLessThan(15);
  expect(countries['US']).toBeGreaterThan(NEWS_MS);
  // Those whose nearest is the edge's nearest have nothing to win.
  for (const country of ['DE', 'FR', 'PL', 'IT']) expect(countries).not.toHaveProperty(country);
});

test('countries with many clients come first', () => {
  const [one] = found({ service: CLIENT });
  const named = Object.keys(one?.countries ?? {});
  const populous = named.filter((country) => POPULOUS.includes(country));
  expect(named.slice(0, populous.length)).toEqual(populous);
  expect(populous).toEqual(POPULOUS.filter((country) => populous.includes(country)));
  expect(named.length).toBeGreaterThan(populous.length);
});

test('of a service that redirects, the other way round', () => {
  const [one] = found({ service: 'mode: redirect\n    routing: { latency_from: edge }' });
  expect(one).toMatchObject({ latencyFrom: 'client' });
  expect(one?.countries['JP']).toBeGreaterThan(150);
  expect(one?.countries).not.toHaveProperty('DE');
});

test.each<[string, Given]>([
  ['the setting is left to the file', {}],
  ['it is that of the way', { service: 'routing: { latency_from: edge }' }],
  ['clients are redirected and counted from', { service: 'mode: redirect' }],
  ['nobody knows where the edge stands', { edge: 'listen: 127.0.0.1:8080', service: CLIENT }],
  [
    'edges of a fleet stand where their clients are',
    {
      service: CLIENT,
      top: 'fleet: { store: redis, region: a, regions: { a: { url: "redis://a:6379" }, b: { url: "redis://b:6379" } } }',
    },
  ],
  ['all but one are of a lower tier', { service: CLIENT, more: ['', ', tier: 2', ', tier: 2'] }],
  ['a fence leaves one of them', { service: `${CLIENT}\n    fence: { only: { countries: [JP] } }` }],
])('nothing is said where %s', (_, given) => {
  expect(found(given)).toEqual([]);
});

test('only countries that there are', () => {
  for (const country of POPULOUS) expect(countryPoints(country), country).toBeDefined();
  expect(new Set(POPULOUS).size).toBe(POPULOUS.length);
});
