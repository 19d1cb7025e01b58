import { expect, test } from 'vitest';
import { admits, coversCountry, siteOf, unservedCountries } from '../../../src/config/fence-match.ts';
import type { Fence, FencedSites } from '../../../src/config/topology-fence.ts';
import { threeClouds } from '../../support/topology.ts';

const NONE: FencedSites = { clouds: undefined, regions: undefined, countries: undefined };
const FRANKFURT = { cloud: 'aws', region: 'eu-central-1', country: 'DE' } as const;
const NOWHERE = { cloud: undefined, region: undefined, country: '' };

test.each<[Partial<FencedSites>, boolean]>([
  [{}, true],
  [{ clouds: ['aws', 'gcp'] }, true],
  [{ clouds: ['gcp'] }, false],
  [{ regions: ['eu-central-1'] }, true],
  [{ regions: ['aws/eu-central-1'] }, true],
  [{ regions: ['gcp/eu-central-1'] }, false],
  [{ countries: ['DE'] }, true],
  [{ countries: ['FR'] }, false],
  [{ countries: [] }, false],
  [{ clouds: ['aws'], countries: ['FR'] }, false],
  [{ clouds: ['gcp'], countries: ['DE'] }, false],
])('%j admits Frankfurt: %s', (only, expected) => {
  expect(admits({ ...NONE, ...only }, FRANKFURT)).toBe(expected);
});

test('what is not known of a place is never what a fence asks for', () => {
  for (const only of [{ clouds: ['aws'] as const }, { regions: ['eu-central-1'] }, { countries: ['DE'] }]) {
    expect(admits({ ...NONE, ...only }, NOWHERE)).toBe(false);
  }
  expect(admits(NONE, NOWHERE)).toBe(true);
});

const fence = (more: Partial<Fence>): Fence => ({
  when: { countries: ['DE'], cidrs: [] },
  only: NONE,
  unknown: 'inside',
  otherwise: 451,
  ...more,
});

test.each<[Partial<Fence>, string, boolean]>([
  [{}, 'DE', true],
  [{}, 'US', false],
  [{}, '', true],
  [{ unknown: 'outside' }, '', false],
  [{ when: undefined }, 'US', true],
  [{ when: undefined, unknown: 'outside' }, '', true],
  [{ when: { countries: [], cidrs: ['10.0.0.0/8'] } }, '', false],
])('%j is for %s: %s', (more, country, expected) => {
  expect(coversCountry(fence(more), country)).toBe(expected);
});

test('countries that nobody may serve are those whose fences leave none together', () => {
  const service = threeClouds({
    service: `fence:
  - { when: { countries: [DE, FR, JP] }, only: { clouds: [aws, gcp] } }
  - { when: { countries: [DE, AT] }, only: { countries: [JP] } }`,
  }).services[0];
  expect(service && unservedCountries(service)).toEqual(['DE']);
  expect(service?.endpoints.map((one) => siteOf(one).country)).toEqual(['US', 'BE', 'JP']);
});
