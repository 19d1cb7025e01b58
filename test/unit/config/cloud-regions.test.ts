import { expect, test } from 'vitest';
import { CLOUD_REGIONS, findRegion } from '../../../src/config/cloud-regions.ts';

test('there are 41 regions of aws, 43 of gcp and 69 of azure, each once', () => {
  const count = (cloud: string) => CLOUD_REGIONS.filter((known) => known.cloud === cloud).length;
  expect([count('aws'), count('gcp'), count('azure')]).toEqual([41, 43, 69]);
  expect(new Set(CLOUD_REGIONS.map(({ cloud, region }) => `${cloud}/${region}`)).size).toBe(153);
});

test('every region has a code, a name and a place on the globe with a country', () => {
  for (const { region, name, place } of CLOUD_REGIONS) {
    expect(region).toMatch(/^[a-z]+(-?[a-z]+)*-?\d*(-\d+)?$/);
    expect(name).not.toBe('');
    expect(Math.abs(place.latitude), region).toBeLessThanOrEqual(70);
    expect(Math.abs(place.longitude), region).toBeLessThanOrEqual(180);
    expect(place.latitude === 0 && place.longitude === 0, region).toBe(false);
    expect(place.country).toMatch(/^[A-Z]{2}$/);
  }
});

test.each([
  ['aws', 'us-east-1', 'Northern Virginia (Ashburn)', 39.04, -77.49, 'US'],
  ['gcp', 'africa-south1', 'Johannesburg', -26.2, 28.05, 'ZA'],
  ['azure', 'japaneast', 'Tokyo, Saitama', 35.68, 139.69, 'JP'],
] as const)('%s %s', (cloud, region, name, latitude, longitude, country) => {
  const place = { latitude, longitude, country };
  expect(findRegion(cloud, region)).toEqual({ cloud, region, name, place, partition: cloud, status: 'ga' });
});

test('partitions and doubtful states are kept', () => {
  expect(findRegion('aws', 'cn-north-1')).toMatchObject({ partition: 'aws-cn', status: 'ga' });
  expect(findRegion('aws', 'sa-west-1')).toMatchObject({ partition: 'aws', status: 'listed-in-sdk' });
  expect(findRegion('azure', 'francesouth')).toMatchObject({ partition: 'azure', status: 'restricted' });
});

test('a region is of one cloud, and codes are taken literally', () => {
  expect(findRegion('gcp', 'us-east-1')).toBeUndefined();
  expect(findRegion('aws', 'US-EAST-1')).toBeUndefined();
  expect(findRegion('aws', '')).toBeUndefined();
});
