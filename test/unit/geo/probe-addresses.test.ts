import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import { NODES_SWEPT_MAX, PROBES_MAX, probeAddresses } from '../../../src/geo/probe-addresses.ts';

test('a small tree is probed in every network', () => {
  const networks = [...probeAddresses({ ipVersion: 4, nodeCount: 8 }, (address) => (address.startsWith('0.') ? 8 : 4))];
  expect(networks.slice(0, 4)).toEqual(['0.0.0.0', '1.0.0.0', '16.0.0.0', '32.0.0.0']);
  expect(networks).toHaveLength(17);
});

test('a large tree is probed all over both address spaces', () => {
  const probes = [...probeAddresses({ ipVersion: 6, nodeCount: NODES_SWEPT_MAX + 1 }, () => 32)];
  expect(probes.every((address) => isIP(address) !== 0)).toBe(true);
  const versions = probes.map((address) => isIP(address));
  expect(versions.filter((version) => version === 4)).toHaveLength(4096);
  expect(versions.filter((version) => version === 6)).toHaveLength(6144);
  for (const start of ['2001:', '2400:', '2600:', '2a00:']) {
    expect(probes.some((address) => address.startsWith(start))).toBe(true);
  }
});

test('an IPv4 tree is not asked about IPv6', () => {
  const probes = [...probeAddresses({ ipVersion: 4, nodeCount: 1e6 }, () => 8)];
  expect(probes.every((address) => isIP(address) === 4)).toBe(true);
});

test('a tree that claims to be small but has a network per address does not keep the process busy', () => {
  expect([...probeAddresses({ ipVersion: 4, nodeCount: 1 }, () => 32)]).toHaveLength(PROBES_MAX);
});
