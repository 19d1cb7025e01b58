import { expect, test } from 'vitest';
import { CLOUD_NAME, CLOUDS, cloudsAmong, isKnownCloud } from '../../../src/config/topology-cloud.ts';

test('clouds of endpoints are each there once, the three first', () => {
  const of = (...clouds: string[]) => cloudsAmong(clouds.map((cloud) => ({ cloud })));
  expect(of('oci', 'azure', 'onprem', 'aws', 'oci')).toEqual(['aws', 'azure', 'oci', 'onprem']);
  expect(of()).toEqual([]);
});

test('only the three are known', () => {
  expect([...CLOUDS, 'oci', undefined, ''].map(isKnownCloud)).toEqual([true, true, true, false, false, false]);
});

test.each(['onprem', 'a', 'dc-1', '2nd', 'x'.repeat(32)])('%s is a name', (name) => {
  expect(CLOUD_NAME.test(name)).toBe(true);
});

test.each(['', '-a', 'a-', 'On', 'a/b', 'a@b', 'a_b', 'a b', 'x'.repeat(33), '__proto__'])('"%s" is none', (name) => {
  expect(CLOUD_NAME.test(name)).toBe(false);
});
