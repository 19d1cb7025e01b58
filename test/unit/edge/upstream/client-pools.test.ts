import { expect, test } from 'vitest';
import { ClientPools } from '../../../../src/edge/upstream/client-pools.ts';
import type { UpstreamPool } from '../../../../src/edge/upstream/pool.ts';

test('each client has a pool of its own; whose turn was longest ago makes way', () => {
  const said: string[] = [];
  const make = (address: string): UpstreamPool => ({
    take: () => undefined,
    connect: () => () => {},
    drain: () => void said.push(`drain ${address}`),
    close: () => void said.push(`close ${address}`),
    destroy: () => void said.push(`destroy ${address}`),
  });
  const pools = new ClientPools(make, 2);
  const [a, b] = [pools.forClient('a'), pools.forClient('b')];
  expect(a).not.toBe(b);
  expect(pools.forClient('a')).toBe(a);
  pools.forClient('c');
  expect(said).toEqual(['close b']);
  expect(pools.forClient('a')).toBe(a);
  expect(pools.take()).toBeUndefined();
  for (const what of ['drain', 'close', 'destroy'] as const) pools[what]();
  expect(said.slice(1)).toEqual(['drain c', 'drain a', 'close c', 'close a', 'destroy c', 'destroy a']);
});
