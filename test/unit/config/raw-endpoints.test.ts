import { expect, test } from 'vitest';
import { rawEndpointsOf, rawOwners, usesOf } from '../../../src/config/raw-endpoints.ts';

const ROOT = {
  backends: { eu: { endpoints: [{ cloud: 'aws', weight: '50%', tier: 2 }, { set: 'own' }] }, bad: 7 },
  services: {
    own: { endpoints: [{ cloud: 'gcp' }, 'nothing'] },
    sends: { backend: [{ name: 'eu', weight: 0.5, tier: 3 }, 'bad', 'unknown'] },
    splits: { backend: 'eu', split: { eu: 1, own: 1 } },
    broken: { backend: { nme: 'eu' } },
  },
};

test('endpoints count as they do for the service, and stand where they are written', () => {
  expect(rawEndpointsOf(ROOT, 'own').map(({ path, owner, use }) => [path.join('.'), owner, use])).toEqual([
    ['services.own.endpoints.0', 'own', undefined],
    ['services.own.endpoints.1', 'own', undefined],
  ]);
  expect(rawEndpointsOf(ROOT, 'sends')).toMatchObject([
    {
      endpoint: { cloud: 'aws', weight: 0.25, tier: 4, set: undefined },
      path: ['backends', 'eu', 'endpoints', 0],
      owner: 'eu',
      use: ['services', 'sends', 'backend', 0],
    },
    { endpoint: { weight: 0.5, tier: 3 }, path: ['backends', 'eu', 'endpoints', 1] },
  ]);
  const sets = rawEndpointsOf(ROOT, 'splits').map(({ endpoint, use }) => [endpoint['set'], use?.join('.')]);
  expect(sets).toEqual([
    ['eu', 'services.splits.backend'],
    ['own', 'services.splits.backend'],
  ]);
});

test('what cannot be read is passed over: the schema refuses it', () => {
  expect(rawEndpointsOf(ROOT, 'broken')).toEqual([]);
  expect(rawEndpointsOf({}, 'nobody')).toEqual([]);
  expect(usesOf({}, 'own')).toEqual([]);
  expect(rawOwners(ROOT).map(({ path }) => path.join('.'))).toEqual([
    'services.own',
    'services.sends',
    'services.splits',
    'services.broken',
    'backends.eu',
    'backends.bad',
  ]);
});
