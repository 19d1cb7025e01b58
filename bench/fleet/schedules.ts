import { createClient } from 'redis';
import type { Put } from '../../src/fleet/fleet.ts';
import { eventually } from '../rig/fleet.ts';
import { chance } from './chance.ts';
import { FleetStage, type StagedEdge } from './stage.ts';

/** What a schedule showed. */
export type Played = {
  readonly seed: number;
  readonly puts: number;
  readonly acknowledged: number;
  /** Keys that were acknowledged and that an edge does not have in the end. */
  readonly lost: readonly string[];
  /** Different states that edges and servers were in at the end; 1 is right. */
  readonly states: number;
  /** From the end of all trouble until all edges had the same and owed nothing. */
  readonly tookMs: number;
  /** And until all servers had it too. */
  readonly allMs: number;
};

const STEPS = 12;
const STEP_MS_MAX = 120;
const STEP_LIMIT_MS = 20_000;
/** Short, so that a schedule has many waits that end in time and many that do not. */
const HASTY = { commandMs: 300 };

/**
 * One schedule with real servers: edges write while servers are killed, hang and come back with their data, edges die and are
 * started anew, and the network swallows or breaks what is between them. Then all is made well.
 */
export async function play(seed: number): Promise<Played> {
  const random = chance(seed);
  const stage = await FleetStage.start(3, { durable: true });
  try {
    for (let at = 0; at < 4; at += 1) await stage.open(`e${at}`, at % 3, HASTY);
    await stage.connected();
    const puts: Promise<readonly [key: string, put: Put]>[] = [];
    let opened = stage.edges.length;
    for (let step = 0; step < STEPS; step += 1) {
      const edge = stage.edges[Math.floor(random() * stage.edges.length)] as StagedEdge;
      const server = stage.servers[Math.floor(random() * 3)] as (typeof stage.servers)[number];
      const way = edge.ways[Math.floor(random() * 3)] as (typeof edge.ways)[number];
      const what = random();
      for (const key of [`only/${seed}-${step}`, 'drain/x']) puts.push(put(edge, key, step));
      if (what < 0.2) await server.kill();
      else if (what < 0.35) server.stop();
      else if (what < 0.5) way.swallow();
      else if (what < 0.65) way.cut();
      else if (what < 0.8) await heal(stage);
      else if (stage.edges.length > 1) {
        await stage.drop(edge);
        await stage.open(`e${(opened += 1)}`, Math.floor(random() * 3), HASTY);
      }
      await new Promise((resolve) => setTimeout(resolve, random() * STEP_MS_MAX));
    }
    const done = await Promise.all(puts);
    await heal(stage);
    const startMs = performance.now();
    await eventually(`seed ${seed}: all in step`, () => states(stage).size === 1, STEP_LIMIT_MS).catch(() => undefined);
    const tookMs = performance.now() - startMs;
    return await judged(seed, done, stage, tookMs);
  } finally {
    await stage.end();
  }
}

async function judged(
  seed: number,
  done: readonly (readonly [string, Put])[],
  stage: FleetStage,
  tookMs: number,
): Promise<Played> {
  const acknowledged = done.filter(([, put]) => put.stored === 'primary').map(([key]) => key);
  const lost = acknowledged.filter((key) =>
    stage.edges.some(({ fleet }) => !fleet.list(key).some((one) => one.key === key)),
  );
  // Stores that no writer is left for are brought what they lack by a keeper, whose lease may have to run out first.
  const startMs = performance.now();
  const looked = async () => states(stage).size + new Set(await stored(stage)).size - 1;
  let ends = await looked();
  while (ends > 1 && performance.now() - startMs < STEP_LIMIT_MS) ends = await looked();
  const allMs = tookMs + performance.now() - startMs;
  return { seed, puts: done.length, acknowledged: acknowledged.length, lost, states: ends, tookMs, allMs };
}

/** An edge that dies with its answer on the way has acknowledged nothing. */
async function put(edge: StagedEdge, key: string, n: number): Promise<readonly [string, Put]> {
  return [key, await edge.fleet.put(key, { drained: n % 2 === 0, n })];
}

async function heal(stage: FleetStage): Promise<void> {
  for (const { ways } of stage.edges) for (const way of ways) way.heal();
  for (const server of stage.servers) {
    server.goOn();
    if (!server.isRunning()) await server.restart();
  }
}

/** What the edges have and that nothing waits; different texts until all are in step. */
function states(stage: FleetStage): ReadonlySet<string> {
  return new Set(
    stage.edges.map(({ name, fleet }) => {
      const waiting = fleet.status().regions.reduce((sum, region) => sum + region.waiting, 0);
      return JSON.stringify(waiting > 0 ? [name, waiting] : fleet.list(''));
    }),
  );
}

/** The keys that each server has. */
function stored(stage: FleetStage): Promise<readonly string[]> {
  return Promise.all(
    stage.servers.map(async ({ url }) => {
      const client = createClient({ url });
      client.on('error', () => {});
      await client.connect();
      const all = await client.hGetAll('test:records');
      client.destroy();
      return JSON.stringify(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }),
  );
}
