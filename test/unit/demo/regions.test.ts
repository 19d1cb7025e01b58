import { expect, test } from 'vitest';
import { CLOUDS } from '../../../src/config/topology-cloud.ts';
import { DEMO_REGIONS, demoRegion, EDGE_REGION } from '../../../src/demo/regions.ts';

test('there are two regions of each cloud, and no code twice', () => {
  const counts = CLOUDS.map((cloud) => DEMO_REGIONS.filter((region) => region.cloud === cloud).length);
  expect(counts).toEqual([2, 2, 2]);
  expect(new Set(DEMO_REGIONS.map(({ region }) => region)).size).toBe(6);
});

test('each is as far from the edge as it is in the world', () => {
  const rtt = Object.fromEntries(DEMO_REGIONS.map(({ id, rttMs }) => [id, rttMs]));
  expect(rtt['aws/us-east-1']).toBeLessThan(5);
  for (const [id, min, max] of [
    ['aws/eu-central-1', 75, 110],
    ['gcp/europe-west1', 70, 105],
    ['gcp/asia-northeast1', 135, 185],
    ['azure/japaneast', 135, 185],
    ['azure/brazilsouth', 100, 145],
  ] as const) {
    expect(rtt[id], id).toBeGreaterThan(min);
    expect(rtt[id], id).toBeLessThan(max);
  }
  expect(demoRegion(EDGE_REGION.cloud, EDGE_REGION.region).place).toContain('Virginia');
});

test('a region that no cloud has is refused', () => {
  expect(() => demoRegion('gcp', 'us-east-1')).toThrow(RangeError);
});
