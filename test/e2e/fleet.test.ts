import { expect, test } from 'vitest';
import { eventually } from '../../bench/rig/fleet.ts';
import type { RedisServer } from '../../bench/rig/redis.ts';
import { startFleet } from '../support/fleet.ts';
import { lacks } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';

const NAMES = ['a', 'b', 'c'] as const;

async function threeRegions(options = {}): Promise<RedisServer[]> {
  const servers: RedisServer[] = [];
  for (const _ of NAMES) servers.push(await startRedis(options));
  return servers;
}

const regionsOf = (servers: readonly { readonly url: string }[]) =>
  servers.map(({ url }, at) => ({ name: NAMES[at] as string, url, ca: undefined }));

test.skipIf(lacks('redis-server'))('what one edge writes, all others have', async () => {
  const servers = await threeRegions();
  const regions = regionsOf(servers);
  const edges = await Promise.all(NAMES.map((region) => startFleet(`edge-${region}`, { region, regions })));
  const [a, b, c] = edges.map(({ fleet }) => fleet);
  await eventually('all connected', () => edges.every(({ fleet }) => fleet.status().regions.every((r) => r.connected)));
  const put = await a!.put('drain/x', { drained: true });
  expect(put).toMatchObject({ stored: 'primary', record: { key: 'drain/x', value: { drained: true }, by: 'edge-a' } });
  const tookMs = await eventually(
    'the others have it',
    () => [b, c].every((fleet) => fleet!.list('drain/').length === 1),
    3000,
  );
  expect(tookMs).toBeLessThan(1000);
  expect(b!.list('')).toEqual(a!.list(''));
  a!.report(new Map([['shop/1', { inFlight: 3, seen: 'up' as const }]]));
  b!.report(new Map([['shop/1', { inFlight: 4, seen: 'down' as const }]]));
  await eventually('digests', () => c!.digest().endpoints.get('shop/1')?.inFlight === 7);
  expect(c!.digest().endpoints.get('shop/1')).toEqual({ inFlight: 7, up: 1, down: 1, unknown: 0 });
  await eventually('its own is not in it', () => a!.digest().endpoints.get('shop/1')?.inFlight === 4);
  await eventually('lags', () => c!.status().lags.length === 6 && c!.status().lags.every(({ seconds }) => seconds < 5));
  expect(edges.flatMap(({ events }) => events)).toEqual([]);
});

test.skipIf(lacks('redis-server'))(
  'an edge that is closed leaves nothing behind, also when it is closed in trouble',
  async () => {
    const servers = await threeRegions();
    const { fleet, close } = await startFleet('edge-a', { region: 'a', regions: regionsOf(servers) });
    await eventually('connected', () => fleet.status().regions.every(({ connected }) => connected));
    const open = () => process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length;
    await eventually('it also listens', () => open() >= 4);
    await servers[0]!.kill();
    await eventually('its own region is gone', () => !fleet.status().regions[0]!.connected);
    await close();
    await eventually('no connection is left', () => open() === 0);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(open()).toBe(0);
  },
);

test.skipIf(lacks('redis-server'))('an edge that comes late reads all there is, however much', async () => {
  const servers = await threeRegions();
  const { fleet } = await startFleet('edge-a', { region: 'a', regions: regionsOf(servers) });
  await eventually('connected', () => fleet.status().regions.every(({ connected }) => connected));
  // More than one answer holds, by number and by size.
  const puts = Array.from({ length: 250 }, (_, at) =>
    fleet.put(`k/${at}`, { text: 'x'.repeat(at % 2 === 0 ? 10 : 8000) }),
  );
  expect((await Promise.all(puts)).every(({ stored }) => stored === 'primary')).toBe(true);
  await eventually('replicated', () => fleet.status().regions.every(({ waiting }) => waiting === 0));
  const late = await startFleet('edge-b', { region: 'b', regions: regionsOf(servers) });
  await eventually('it has all', () => late.fleet.list('k/').length === 250);
  expect(late.fleet.list('')).toEqual(fleet.list(''));
});
