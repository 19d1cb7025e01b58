import { expect, test } from 'vitest';
import { playValues } from '../../bench/fleet/values-schedules.ts';
import { eventually } from '../../bench/rig/fleet.ts';
import { DEFAULT_VALUES, type ValueSettings } from '../../src/config/topology-values.ts';
import type { ShownValue } from '../../src/fleet/values/shown-value.ts';
import type { ValueOrder, ValueWritten } from '../../src/fleet/values/value-outcome.ts';
import type { Event } from '../../src/table/event.ts';
import { clientOf, type StagedEdge, startEdge, startServers } from '../support/fleet-stage.ts';
import { lacks } from '../support/programs.ts';

const VALUES: ValueSettings = {
  ...DEFAULT_VALUES,
  merges: { 'sets/': 'union', 'counters/': 'counter', 'limits/': 'lowest' },
  consistency: { 'strong/': 'strong' },
  writesPerSecondMax: 1000,
};
const QUICK = { commandMs: 500, replicateMs: 1500, compareMs: 500, values: VALUES };

const order = (key: string, value: unknown, more: Partial<ValueOrder> = {}): ValueOrder => ({
  key,
  value,
  actor: 'ana',
  consistency: undefined,
  ifMatch: undefined,
  ifAbsent: false,
  ...more,
});
const shownOf = (written: ValueWritten): ShownValue => {
  if (written.kind !== 'written') throw new Error(JSON.stringify(written));
  return written.shown;
};
const valueAt = (edge: StagedEdge, key: string) => edge.values.list(key).values.find((one) => one.key === key)?.value;

/** One edge in each of three regions. */
async function threeEdges(settings: Partial<ValueSettings> = {}) {
  const servers = await startServers({ durable: true });
  const options = { ...QUICK, values: { ...VALUES, ...settings } };
  const edges = await Promise.all(['a1', 'b1', 'c1'].map((name) => startEdge(name, servers, options)));
  return { servers, edges: edges as unknown as readonly [StagedEdge, StagedEdge, StagedEdge] };
}

test.skipIf(lacks('redis-server')).each([1, 2, 3, 4, 5, 6])(
  'schedule %i of cuts, heals and servers that forget: nothing acknowledged is lost, nothing strong is stale',
  { timeout: 60_000 },
  async (seed) => {
    const servers = await startServers({ durable: true });
    const { wrong, strong, eventual } = await playValues(seed, servers);
    expect(wrong).toEqual([]);
    expect(strong.done).toBeGreaterThan(5);
    expect(eventual.acknowledged).toBeGreaterThan(5);
  },
);

test.skipIf(lacks('redis-server'))(
  'what was written side by side is merged by its prefix, and can be seen',
  async () => {
    const { edges } = await threeEdges();
    const [a, b, c] = edges;
    const isEverywhere = (key: string, value: unknown) =>
      eventually(`${key} everywhere`, () =>
        edges.every((edge) => JSON.stringify(valueAt(edge, key)) === JSON.stringify(value)),
      );
    for (const key of ['sets/x', 'counters/x', 'limits/x', 'flags/x']) {
      await a.values.write(
        order(key, { sets: ['0'], counters: 5, limits: 100, flags: 'old' }[key.split('/')[0] as string]),
      );
    }
    await isEverywhere('flags/x', 'old');
    await isEverywhere('counters/x', 5);
    for (const way of [...a.ways, ...b.ways]) way.cut();
    await eventually('cut off', () =>
      [a, b].every(({ fleet }) => fleet.status().regions.every((one) => !one.connected)),
    );
    for (const [edge, at] of [
      [a, 0],
      [b, 1],
    ] as const) {
      const put = async (key: string, value: unknown) =>
        expect(await edge.values.write(order(key, value))).toMatchObject({ kind: 'written', stored: 'here' });
      await put('sets/x', ['0', `of ${edge.fleet.status().edge}`]);
      await put('counters/x', { add: 10 + at });
      await put('limits/x', 50 - at);
      await put('flags/x', `of ${at}`);
    }
    for (const way of [...a.ways, ...b.ways]) way.heal();
    await isEverywhere('sets/x', ['0', 'of a1', 'of b1']);
    await isEverywhere('counters/x', 26);
    await isEverywhere('limits/x', 49);
    await isEverywhere('flags/x', 'of 1');
    const read = await c.values.read('flags/x', undefined);
    expect(read).toMatchObject({
      kind: 'read',
      shown: {
        value: 'of 1',
        merge: 'newest',
        conflicts: [
          { edge: 'a1', value: 'of 0' },
          { edge: 'b1', value: 'of 1' },
        ],
      },
    });
    // The next write has seen both, and nothing stands side by side any more.
    expect(shownOf(await c.values.write(order('flags/x', 'new'))).conflicts).toBeUndefined();
  },
);

test.skipIf(lacks('redis-server'))(
  'a condition holds against whoever writes in the region, known here or not',
  async () => {
    const { servers, edges } = await threeEdges();
    const [a] = edges;
    const neighbour = await startEdge('a2', servers, QUICK);
    const first = shownOf(await a.values.write(order('k/x', 1, { ifAbsent: true })));
    expect(await neighbour.values.write(order('k/x', 2, { ifAbsent: true }))).toMatchObject({ kind: 'conflict' });
    const second = shownOf(await neighbour.values.write(order('k/x', 2, { ifMatch: first.etag })));
    expect(await a.values.write(order('k/x', 3, { ifMatch: first.etag }))).toMatchObject({
      kind: 'conflict',
      now: { value: 2, etag: second.etag },
    });
    const racing = await Promise.all(
      [a, neighbour].flatMap((edge) =>
        [1, 2, 3].map((n) => edge.values.write(order('k/x', n + 10, { ifMatch: second.etag }))),
      ),
    );
    expect(racing.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    expect(racing.filter(({ kind }) => kind === 'conflict')).toHaveLength(5);
    for (const way of a.ways) way.cut();
    expect(await a.values.write(order('k/x', 9, { ifMatch: '*' }))).toMatchObject({ kind: 'refused' });
  },
);

test.skipIf(lacks('redis-server'))('strong: one of three regions may be gone, two may not', async () => {
  const { edges } = await threeEdges();
  const [a, b, c] = edges;
  const first = shownOf(await a.values.write(order('strong/x', 1)));
  expect(first).toMatchObject({ consistency: 'strong', version: { revision: 1 }, edge: 'a1', actor: 'ana' });
  a.ways[2]?.cut();
  const second = shownOf(await a.values.write(order('strong/x', 2, { ifMatch: first.etag })));
  expect(await c.values.read('strong/x', 'strong')).toMatchObject({
    kind: 'read',
    shown: { value: 2, etag: second.etag },
  });
  expect(await c.values.write(order('strong/x', 3, { ifMatch: first.etag }))).toMatchObject({
    kind: 'conflict',
    now: { value: 2 },
  });
  a.ways[1]?.cut();
  await eventually('cut', () => a.fleet.status().regions.filter(({ connected }) => connected).length === 1);
  const refused = await a.values.write(order('strong/x', 4));
  expect(refused).toMatchObject({ kind: 'refused' });
  expect((refused as { why: string }).why).toContain('1 of 3 regions can be reached and 2 are needed');
  expect(await a.values.read('strong/x', 'strong')).toMatchObject({ kind: 'refused' });
  // What it has heard it may still say, if that is enough for who asks.
  await eventually('it heard', () => valueAt(a, 'strong/x') === 2);
  expect(await a.values.read('strong/x', 'eventual')).toMatchObject({ kind: 'read', shown: { value: 2 } });
  expect(await b.values.read('strong/x', undefined)).toMatchObject({ kind: 'read', shown: { value: 2 } });
  await eventually('all have heard', () => edges.every((edge) => valueAt(edge, 'strong/x') === 2));
});

test.skipIf(lacks('redis-server'))(
  'strong: a store that lost its memory does not vote until it has been told',
  async () => {
    const { servers, edges } = await threeEdges();
    const [a, b] = edges;
    shownOf(await a.values.write(order('strong/x', 'first')));
    // Only a and b have it.
    b.ways[2]?.cut();
    shownOf(await b.values.write(order('strong/x', 'kept')));
    const client = await clientOf(servers[0]!);
    await client.flushAll();
    // Had it voted as it is, c and it would have said that there is nothing.
    b.ways[1]?.cut();
    expect(await a.values.read('strong/x', 'strong')).toMatchObject({ kind: 'read', shown: { value: 'kept' } });
    const isTakenIn = (event: Event) =>
      event.type === 'fleet-voters' && event.admitted.join() === 'a' && !event.founded;
    await eventually('it is taken in', () => edges.some(({ events }) => events.some(isTakenIn)), 20_000);
    // All of them restarted at once: what they had on disk counts.
    for (const server of servers) await server.restart();
    await eventually('connected', () => a.fleet.status().regions.every(({ connected }) => connected));
    expect(await a.values.read('strong/x', 'strong')).toMatchObject({ kind: 'read', shown: { value: 'kept' } });
  },
);

test.skipIf(lacks('redis-server'))('a deletion is remembered for a while, and then forgotten by all', async () => {
  const { servers, edges } = await threeEdges({ tombstoneMs: 300 });
  const [a, b, c] = edges;
  for (const key of ['k/x', 'strong/x']) shownOf(await a.values.write(order(key, 1)));
  await eventually('heard', () =>
    [b, c].every((edge) => valueAt(edge, 'k/x') === 1 && valueAt(edge, 'strong/x') === 1),
  );
  for (const key of ['k/x', 'strong/x']) shownOf(await b.values.write(order(key, undefined)));
  await eventually('deleted', () => edges.every((edge) => edge.values.list('').values.length === 0));
  expect(await c.values.read('k/x', undefined)).toMatchObject({ kind: 'missing', now: { deleted: true } });
  await eventually('forgotten', () => edges.every((edge) => edge.values.index.size === 0), 20_000);
  for (const server of servers) {
    const client = await clientOf(server);
    const [records, accepted] = [await client.hKeys('test:records'), await client.hKeys('test:strong:accepted')];
    expect([...records, ...accepted]).toEqual([]);
  }
  expect(await c.values.read('strong/x', 'strong')).toMatchObject({ kind: 'missing', now: undefined });
  expect(shownOf(await c.values.write(order('strong/x', 2, { ifAbsent: true }))).version).toEqual({ revision: 1 });
});
