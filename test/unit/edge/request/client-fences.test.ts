import { expect, test } from 'vitest';
import { ADDRESSES_MAX, clientFences } from '../../../../src/edge/request/client-fences.ts';
import { threeClouds } from '../../../support/topology.ts';

const fencesOf = (yaml: string) => {
  const service = threeClouds({ service: yaml }).services[0];
  const fences = service && clientFences(service);
  if (fences === undefined) throw new Error('no fence');
  return fences;
};
const EU = fencesOf('fence: { when: { countries: [EU] }, only: { clouds: [gcp] } }');
const client = (country: string, precision: 'city' | 'country' | 'edge' = 'country', address = '203.0.113.9') => ({
  country,
  precision,
  address,
});

test('a service without fences has nothing to ask', () => {
  const [service] = threeClouds().services;
  expect(service && clientFences(service)).toBeUndefined();
});

test('a client is held by where it is', () => {
  expect(EU.of(client('DE'))?.allowed).toEqual(Uint8Array.of(0, 1, 0));
  expect(EU.of(client('US'))).toBeUndefined();
});

test('a client that is only taken to be where the edge stands may be anywhere', () => {
  expect(EU.of(client('US', 'edge'))).toBeDefined();
  expect(EU.of(client('', 'city'))).toBeDefined();
  const open = fencesOf('fence: { when: { countries: [EU] }, only: { clouds: [gcp] }, unknown: outside }');
  expect(open.of(client('DE', 'edge'))).toBeUndefined();
});

test('networks hold a client whatever its country', () => {
  const fences = fencesOf('fence: { when: { cidrs: [192.0.2.0/24, "2001:db8::/32"] }, only: { clouds: [aws] } }');
  const held = ['192.0.2.7', '2001:db8::1', '192.0.3.1', '::1'].map(
    (address) => fences.of(client('', 'edge', address)) !== undefined,
  );
  expect(held).toEqual([true, true, false, false]);
});

test('addresses are remembered up to a bound, and found the same after it', () => {
  const fences = fencesOf('fence: { when: { cidrs: [10.0.0.0/8] }, only: { clouds: [aws] } }');
  for (let i = 0; i <= ADDRESSES_MAX; i += 1)
    fences.of(client('US', 'city', `11.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
  expect(fences.of(client('US', 'city', '11.0.0.0'))).toBeUndefined();
  expect(fences.of(client('US', 'city', '10.0.0.0'))).toBeDefined();
});
