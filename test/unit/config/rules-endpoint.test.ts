import { expect, test } from 'vitest';
import { endpointFaults } from '../../../src/config/rules-endpoint.ts';

const faults = (...endpoints: readonly unknown[]) =>
  endpointFaults({ services: { s: { endpoints } } }).map(
    ({ path, message }) => `${path.slice(3).join('.')} ${message}`,
  );

const AT = { cloud: 'aws', region: 'us-east-1', url: 'http://10.0.0.1:80' };

test.each([
  [[AT, { ...AT, region: 'us-east-2' }]],
  [[AT, { ...AT, url: 'http://10.0.0.1:81' }]],
  [[AT, { ...AT, url: 'http://10.0.0.1/base' }]],
  [[AT, { ...AT, cloud: 'gcp', region: 'us-east1' }]],
  [[{ ...AT, region: 'mine', lat: 1, lon: 2 }]],
  [[{ ...AT, cloud: 'ibm' }]],
  [[{}, 5, null]],
])('%j are right, or have another fault', (endpoints) => {
  expect(faults(...endpoints)).toEqual([]);
});

test('the same cloud, region and url twice is one endpoint, however the url is written', () => {
  const twice = 'has the same cloud, region and url as endpoints[0]; remove one, or add up their capacity';
  expect(faults(AT, AT)).toEqual([`1 ${twice}`]);
  expect(faults(AT, { ...AT, url: 'http://10.0.0.1/' }, { ...AT, capacity: 5 })).toEqual([`1 ${twice}`, `2 ${twice}`]);
});

test('two services may share an endpoint', () => {
  expect(endpointFaults({ services: { a: { endpoints: [AT] }, b: { endpoints: [AT] } } })).toEqual([]);
});

test('an endpoint is somewhere', () => {
  expect(faults({ ...AT, region: 'us-esat-1' })).toEqual([
    '0.region "us-esat-1" is no known region of aws; did you mean us-east-1, us-east-2 or us-west-1? For a region of your own add lat and lon',
  ]);
  expect(faults({ ...AT, lat: 5 })).toEqual(['0.lat is given without lon; give both or neither']);
  expect(faults({ ...AT, region: 'mine', lon: 5 })).toEqual(['0.lon is given without lat; give both or neither']);
});

test.each([
  [{ expand: true, url: 'http://10.0.0.1' }, '0.expand is for names, and the url has an address; remove it'],
  [{ expand: 4, url: 'http://[fd00::1]:80' }, '0.expand is for names, and the url has an address; remove it'],
])('%j', (more, fault) => {
  expect(faults({ ...AT, ...more })).toEqual([fault]);
});

test('names may expand, and whoever is redirected has no use for it', () => {
  const named = { ...AT, url: 'http://app.internal', expand: true };
  expect(faults(named, { ...AT, expand: false })).toEqual([]);
  const sentAway = { mode: 'redirect', endpoints: [{ ...named, public_url: 'https://a' }] };
  expect(endpointFaults({ services: { s: sentAway } }).map(({ message }) => message)).toEqual([
    'is for requests that are forwarded, and with mode: redirect clients ask the public_url; remove it',
  ]);
});

test('names of a backend may expand, unless a service that sends to it sends its clients away', () => {
  const named = { ...AT, url: 'http://app.internal', expand: true };
  const file = (mode: object, more: object = {}) =>
    endpointFaults({
      backends: { pool: { endpoints: [{ ...named, ...more }] } },
      services: { s: { backend: 'pool', ...mode } },
    });
  expect(file({})).toEqual([]);
  expect(file({ mode: 'redirect' }, { public_url: 'https://a' })).toEqual([
    {
      path: ['backends', 'pool', 'endpoints', 0, 'expand'],
      message: 'is for requests that are forwarded, and with mode: redirect clients ask the public_url; remove it',
    },
  ]);
});
