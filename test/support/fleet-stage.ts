import { createClient } from 'redis';
import { onTestFinished } from 'vitest';
import { eventually, type OpenOptions } from '../../bench/rig/fleet.ts';
import type { RedisOptions, RedisServer } from '../../bench/rig/redis.ts';
import { Relay } from '../../bench/rig/relay.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import type { FleetValues } from '../../src/fleet/values/values.ts';
import type { Event } from '../../src/table/event.ts';
import { startFleet } from './fleet.ts';
import { startRedis } from './redis.ts';

export const REGIONS = ['a', 'b', 'c'] as const;

export type StagedEdge = {
  readonly fleet: Fleet;
  readonly values: FleetValues;
  readonly events: Event[];
  /** This edge's way to each region's server. */
  readonly ways: readonly Relay[];
  readonly close: () => Promise<void>;
};

/** Servers of three regions. */
export async function startServers(
  options: RedisOptions = {},
  count: number = REGIONS.length,
): Promise<readonly RedisServer[]> {
  const servers: RedisServer[] = [];
  for (let at = 0; at < count; at += 1) servers.push(await startRedis(options));
  return servers;
}

/** An edge that reaches each server on a way of its own; connected to all of them. */
export async function startEdge(
  edge: string,
  servers: readonly RedisServer[],
  options: OpenOptions = {},
): Promise<StagedEdge> {
  const ways = await Promise.all(servers.map(({ port }) => Relay.start(port)));
  for (const way of ways) onTestFinished(() => way.end());
  const regions = ways.map(({ url }, at) => ({ name: REGIONS[at] as string, url, ca: undefined }));
  const opened = await startFleet(edge, { region: edge.charAt(0), regions, ...options });
  await eventually(`${edge} is connected`, () => opened.fleet.status().regions.every(({ connected }) => connected));
  return { ...opened, ways };
}

export const has = (edge: { readonly fleet: Fleet }, key: string): boolean =>
  edge.fleet.list(key).some((one) => one.key === key);

export const regionOf = (edge: { readonly fleet: Fleet }, name: string) => {
  const found = edge.fleet.status().regions.find(({ region }) => region === name);
  if (found === undefined) throw new Error(`no region ${name}`);
  return found;
};

/** A client of the test's own, past all relays. */
export async function clientOf(server: RedisServer) {
  const client = createClient({ url: server.url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}
