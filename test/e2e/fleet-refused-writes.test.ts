import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from '../../bench/rig/fleet.ts';
import { clientOf, has, regionOf, type StagedEdge, startEdge, startServers } from '../support/fleet-stage.ts';
import { freePort, lacks } from '../support/programs.ts';

/*
 * A store that answers and takes no writes: a primary that was made a replica, one that is full, that cannot save, that lacks
 * replicas, or whose user may not write. It was taken for home all the same: what one edge decided did not reach the others
 * of its region, none of them told what it saw or heard the others, and the quorum went with that.
 */
type Client = Awaited<ReturnType<typeof clientOf>>;
type Refusal = {
  readonly trouble: string;
  readonly refuse: (client: Client) => Promise<unknown>;
  readonly takeAgain: (client: Client) => Promise<unknown>;
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a replica after a failover': {
    trouble: 'it is a read-only replica',
    refuse: async (client) => client.sendCommand(['REPLICAOF', '127.0.0.1', String(await freePort())]),
    takeAgain: (client) => client.sendCommand(['REPLICAOF', 'NO', 'ONE']),
  },
  'a server that is full': {
    trouble: 'it is full (maxmemory): it keeps nothing new',
    refuse: (client) => client.configSet('maxmemory', '1'),
    takeAgain: (client) => client.configSet('maxmemory', '0'),
  },
  'a server that cannot save': {
    trouble: 'it cannot save its data and refuses to write',
    refuse: async (client) => {
      rmSync((await client.configGet('dir'))['dir'] as string, { recursive: true });
      await client.configSet('save', '3600 1');
      await client.sendCommand(['BGSAVE']);
    },
    takeAgain: (client) => client.configSet('save', ''),
  },
  'a server without its replicas': {
    trouble: 'it has too few replicas and refuses to write',
    refuse: (client) => client.configSet('min-replicas-to-write', '1'),
    takeAgain: (client) => client.configSet('min-replicas-to-write', '0'),
  },
  'a user who may no longer write': {
    trouble: 'the user lacks a permission: it needs reading, writing, scripts and channels behind the prefix',
    refuse: (client) => client.sendCommand(['ACL', 'SETUSER', 'default', '-set', '-hset']),
    takeAgain: (client) => client.sendCommand(['ACL', 'SETUSER', 'default', '+@all']),
  },
  'a user who may only read': {
    trouble: 'the user lacks a permission: it needs reading, writing, scripts and channels behind the prefix',
    refuse: (client) => client.sendCommand(['ACL', 'SETUSER', 'default', 'resetkeys', '%R~*']),
    takeAgain: (client) => client.sendCommand(['ACL', 'SETUSER', 'default', '~*']),
  },
};

const inFlightAt = ({ fleet }: StagedEdge) => fleet.digest().endpoints.get('shop/1')?.inFlight ?? 0;
const isWell = (edge: StagedEdge) =>
  edge.fleet.status().regions.every(({ writable, waiting }) => writable && waiting === 0);

test.skipIf(lacks('redis-server')).each(Object.entries(REFUSALS))(
  '%s is not home: everything goes on elsewhere, and it is home again when it takes writes',
  async (_, { trouble, refuse, takeAgain }) => {
    const servers = await startServers({}, 2);
    const edges = [await startEdge('a1', servers), await startEdge('a2', servers), await startEdge('b1', servers)];
    const [a1, a2, b1] = edges as [StagedEdge, StagedEdge, StagedEdge];
    const client = await clientOf(servers[0]!);
    await a1.fleet.put('drain/before', { drained: true });
    await eventually('all are in step', () => edges.every((edge) => has(edge, 'drain/before') && isWell(edge)));
    await refuse(client);
    await eventually('it is noticed by all', () => edges.every((edge) => !regionOf(edge, 'a').writable));
    expect(regionOf(a1, 'a')).toMatchObject({ trouble });
    expect(a1.events).toContainEqual({ type: 'fleet-trouble', region: 'a', cause: trouble });
    expect((await a1.fleet.put('drain/x', { drained: true })).stored).toBe('here');
    const tookMs = await eventually(
      'the other edge of the region has it',
      () => has(a2, 'drain/x') && has(b1, 'drain/x'),
    );
    expect(tookMs).toBeLessThan(3000);
    await b1.fleet.put('drain/y', { drained: true });
    await eventually('and the region hears of what others write', () => has(a1, 'drain/y') && has(a2, 'drain/y'));
    // Reports go on: what each sees is heard by the others, long after what was told before is forgotten.
    for (const [at, edge] of edges.entries()) {
      edge.fleet.report(new Map([['shop/1', { inFlight: 10 ** at, seen: at === 0 ? 'down' : 'up' }]]));
    }
    await eventually('what is in flight elsewhere is known', () =>
      edges.every((edge, at) => inFlightAt(edge) === 111 - 10 ** at),
    );
    expect(a1.fleet.digest().endpoints.get('shop/1')).toMatchObject({ up: 2, down: 0 });
    expect(edges.map(({ fleet }) => fleet.status().edges.length)).toEqual([3, 3, 3]);
    await takeAgain(client);
    await eventually('it is home again', () => edges.every(isWell));
    expect(a1.events).toContainEqual({ type: 'fleet-recovered', region: 'a' });
    expect((await a1.fleet.put('drain/z', { drained: true })).stored).toBe('primary');
    await eventually('all have all', () => edges.every(({ fleet }) => fleet.list('drain/').length === 4));
    expect((await client.hKeys('test:records')).toSorted()).toEqual(['drain/before', 'drain/x', 'drain/y', 'drain/z']);
  },
);

test.skipIf(lacks('redis-server'))('where no store takes writes, what is there is still read', async () => {
  const servers = await startServers({}, 2);
  const [a1, b1] = [await startEdge('a1', servers), await startEdge('b1', servers)];
  await b1.fleet.put('drain/before', { drained: true });
  await eventually('a has it', () => has(a1, 'drain/before'));
  for (const server of servers) await (await clientOf(server)).configSet('min-replicas-to-write', '1');
  await eventually('it is noticed', () => a1.fleet.status().regions.every(({ writable }) => !writable));
  for (const way of a1.ways.slice(0, 1)) way.cut();
  await eventually('its own is gone', () => !regionOf(a1, 'a').connected);
  expect(regionOf(a1, 'b')).toMatchObject({ connected: true, writable: false });
  const late = await startEdge('b2', servers);
  await eventually('one that comes late has what is there', () => has(late, 'drain/before'));
});
