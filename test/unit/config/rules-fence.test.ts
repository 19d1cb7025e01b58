import { expect, test } from 'vitest';
import { fenceFaults } from '../../../src/config/rules-fence.ts';

const ENDPOINTS = [
  { cloud: 'aws', region: 'us-east-1', url: 'http://a' },
  { cloud: 'gcp', region: 'europe-west1', url: 'http://b' },
];
const OWN = { cloud: 'aws', region: 'hall', lat: 1, lon: 2, url: 'http://c' };

const faults = (fence: unknown, endpoints: readonly unknown[] = ENDPOINTS) =>
  fenceFaults({ services: { s: { fence, endpoints } } }).map(({ path, message }) => `${path.join('.')} ${message}`);

test.each([
  [{ only: { clouds: ['aws'] } }],
  [{ only: { countries: ['EU'] } }],
  [[{ only: { regions: ['gcp/europe-west1'] } }, { only: { continents: ['north-america'] } }]],
  // A region that somebody has, only not this service, beside one that it has.
  [{ only: { regions: ['eu-west-1', 'us-east-1'] } }],
  [undefined],
  // What the schema has already refused.
  [5],
  [{ only: 7 }],
  [{ only: { clouds: ['ibm'] } }],
])('%j is good', (fence) => {
  expect(faults(fence)).toEqual([]);
});

test.each([
  [{ when: {}, only: { clouds: ['aws'] } }, 'services.s.fence.when names nobody; add countries'],
  [{ only: {} }, 'services.s.fence.only asks for nothing; add clouds'],
  [
    [{ only: { clouds: ['azure'] } }],
    "services.s.fence.0.only admits none of the service's endpoints, so nobody could pass; they are in aws/us-east-1 (US), gcp/europe-west1 (BE)",
  ],
  [{ only: { clouds: ['aws'], countries: ['EU'] } }, 'services.s.fence.only admits none'],
  [{ only: { countries: ['DE'], continents: ['asia'] } }, 'services.s.fence.only admits none'],
  [
    { only: { regions: ['us-esat-1'] } },
    'services.s.fence.only.regions.0 names no region of an endpoint or a cloud: "us-esat-1"; did you mean "us-east-1"?',
  ],
])('%j', (fence, message) => {
  expect(faults(fence)).toEqual([expect.stringContaining(message)]);
});

test('more than there are bits for', () => {
  const many = Array.from({ length: 17 }, () => ({ only: { clouds: ['aws'] } }));
  expect(faults(many)).toEqual(['services.s.fence has 17 fences; at most 16 fit, so join some of them']);
});

test('an endpoint whose country nobody knows must say it, where a fence asks for it', () => {
  const asked = [{ only: { countries: ['US'] } }];
  expect(faults(asked, [...ENDPOINTS, OWN])).toEqual([
    'services.s.endpoints.2 stands in a country that nobody knows, and the fence of this service asks for it; add country: DE',
  ]);
  expect(faults(asked, [...ENDPOINTS, { ...OWN, country: 'US' }])).toEqual([]);
  expect(faults([{ only: { clouds: ['aws'] } }], [...ENDPOINTS, OWN])).toEqual([]);
});
