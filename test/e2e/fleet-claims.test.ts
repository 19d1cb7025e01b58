import { expect, test } from 'vitest';
import { eventually } from '../../bench/rig/fleet.ts';
import type { AlertClaim, Fleet } from '../../src/fleet/fleet.ts';
import { FleetDouble } from '../support/fleet-double.ts';
import { regionOf, startEdge, startServers } from '../support/fleet-stage.ts';
import { lacks } from '../support/programs.ts';

const claim = (want: AlertClaim['want'], more: Partial<AlertClaim> = {}): AlertClaim => ({
  key: 'cloud_down/aws',
  want,
  notified: false,
  freshMs: 60_000,
  ...more,
});

const BOTH = ['a1', 'b1'];

/** Two edges of a real fleet, and two of the double that other tests use: both must do the same. */
const kinds: readonly [string, boolean, () => Promise<readonly Fleet[]>][] = [
  [
    'the double',
    false,
    async () => {
      const double = new FleetDouble();
      return ['a1', 'b1'].map((edge) => double.join(edge, edge));
    },
  ],
  [
    'real stores',
    lacks('redis-server'),
    async () => {
      const servers = await startServers({}, 2);
      const edges = [await startEdge('a1', servers), await startEdge('b1', servers)];
      await eventually('both can ask', () => edges.every((edge) => regionOf(edge, 'a').writable));
      return edges.map(({ fleet }) => fleet);
    },
  ],
];

for (const [name, skip, open] of kinds) {
  test.skipIf(skip)(`${name}: the first one notifies, and another that sees it too takes over`, async () => {
    const [a, b] = (await open()) as [Fleet, Fleet];
    const one = async (fleet: Fleet, ...of: Parameters<typeof claim>) => (await fleet.claim([claim(...of)], BOTH))?.[0];
    expect(await one(a, 'hold')).toEqual({ holder: 'a1', notified: false });
    expect(await one(b, 'hold')).toEqual({ holder: 'a1', notified: false });
    expect(await one(a, 'hold', { notified: true })).toEqual({ holder: 'a1', notified: true });
    expect(await one(a, 'leave')).toEqual({ holder: 'b1', notified: true });
    expect(await one(a, 'hold')).toEqual({ holder: 'b1', notified: true });
    // b1 is gone.
    expect(await a.claim([claim('hold')], ['a1'])).toEqual([{ holder: 'a1', notified: true }]);
    expect(await one(a, 'stand-by')).toEqual({ holder: 'b1', notified: true });
    expect(await one(b, 'leave')).toEqual({ holder: '', notified: true });
    expect(await one(b, 'stand-by')).toEqual({ holder: 'b1', notified: false });
    const other = claim('hold', { key: 'budget_burn/shop' });
    expect(await a.claim([other, claim('hold'), claim('leave', { key: 'x' })], BOTH)).toEqual([
      { holder: 'a1', notified: false },
      { holder: 'a1', notified: false },
      { holder: '', notified: false },
    ]);
  });
}

test.skipIf(lacks('redis-server'))(
  'another store is asked when the first cannot be, and none when there is none',
  async () => {
    const servers = await startServers({}, 2);
    const a = await startEdge('a1', servers);
    await servers[0]?.kill();
    expect(await a.fleet.claim([claim('hold')], BOTH)).toEqual([{ holder: 'a1', notified: false }]);
    await servers[1]?.kill();
    expect(await a.fleet.claim([claim('hold')], BOTH)).toBeUndefined();
  },
);

test.skipIf(lacks('redis-server'))(
  'an edge that is closed says that it ends; one that is cut off does not',
  async () => {
    const servers = await startServers({}, 2);
    const [a1, a2, b1] = [
      await startEdge('a1', servers),
      await startEdge('a2', servers),
      await startEdge('b1', servers),
    ];
    await eventually('all hear each other', () => [a1, a2, b1].every(({ fleet }) => fleet.status().edges.length === 3));
    await a1.close();
    await eventually('the others hear of it', () => [a2, b1].every(({ fleet }) => fleet.status().left.includes('a1')));
    expect(b1.fleet.status().edges.map(({ id }) => id)).not.toContain('a1');
    for (const way of a2.ways) way.cut();
    await eventually('it is heard no more', () => b1.fleet.status().edges.length === 1);
    expect(b1.fleet.status().left).not.toContain('a2');
  },
);
