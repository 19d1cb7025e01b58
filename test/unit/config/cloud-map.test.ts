import { expect, test } from 'vitest';
import { cloudMap } from '../../../src/config/cloud-map.ts';

const MAP = cloudMap({
  onprem: { regions: { 'paris-dc1': { lat: 48.93, lon: 2.36, country: 'FR' }, nowhere: { lat: 'x', lon: 2 } } },
  aws: { regions: { 'us-west-2-lax-1': { lat: 34.05, lon: -118.24 }, 'us-east-1': { lat: 1, lon: 2 } } },
  oci: {},
});

test('the three come first, then the others as they are written', () => {
  expect(MAP.names).toEqual(['aws', 'gcp', 'azure', 'onprem', 'oci']);
  expect(cloudMap(undefined).names).toEqual(['aws', 'gcp', 'azure']);
});

test('a region is where the file says, else where its cloud has it', () => {
  expect(MAP.place('onprem', 'paris-dc1')).toEqual({ latitude: 48.93, longitude: 2.36, country: 'FR' });
  expect(MAP.place('aws', 'us-west-2-lax-1')).toEqual({ latitude: 34.05, longitude: -118.24, country: '' });
  expect(MAP.place('aws', 'us-east-1')).toMatchObject({ latitude: 1 });
  expect(MAP.place('gcp', 'europe-west1')).toMatchObject({ country: 'BE' });
});

test('what nobody says is nowhere, whatever it is called', () => {
  for (const [cloud, region] of [
    ['onprem', 'nowhere'],
    ['onprem', 'us-east-1'],
    ['oci', 'x'],
    ['constructor', 'constructor'],
    ['onprem', 'toString'],
  ] as const) {
    expect(MAP.place(cloud, region)).toBeUndefined();
  }
});

test('advice names the nearest regions, and where to say where it is', () => {
  expect(MAP.advice('onprem', 'paris-dc2', 'lat and lon')).toBe(
    'nobody knows where onprem/paris-dc2 is; did you mean paris-dc1 or nowhere? Say so in clouds.onprem: { regions: { paris-dc2: { lat: 48.9, lon: 2.4 } } }, or add lat and lon',
  );
  expect(MAP.advice('oci', 'fra', 'lat and lon')).toMatch(/^nobody knows where oci\/fra is\. Say so/);
  expect(MAP.advice('gcp', 'us-east-1', 'lat and lon')).toMatch(/is no known region of gcp.*own add lat and lon$/);
});
