import { eventually } from '../rig/fleet.ts';
import { FleetStage } from './stage.ts';

const REGIONS = 3;
/** As an operator would have it. */
const USUAL = { commandMs: 1000, reportMs: 2000, forgetMs: 10_000, compareMs: 5000 };
/** How long the network swallows everything. */
const BROKEN_MS = 3000;

/** Milliseconds from each of `puts` puts, one after the other on one edge after the other, until the last other edge was told. */
export async function measureLatency(puts: number): Promise<readonly number[]> {
  const stage = await started();
  try {
    const ms: number[] = [];
    for (let at = 0; at < puts; at += 1) {
      const writer = stage.edges[at % REGIONS] as (typeof stage.edges)[number];
      const key = `drain/${at % 100}`;
      const told = stage.edges.filter((edge) => edge !== writer).map(({ fleet }) => toldOf(fleet, key, at));
      const startMs = performance.now();
      await writer.fleet.put(key, { drained: true, at });
      await Promise.all(told);
      ms.push(performance.now() - startMs);
    }
    return ms;
  } finally {
    await stage.end();
  }
}

/** Milliseconds from the end of each partition, in which every edge wrote, until all edges have all. */
export async function measureHeal(times: number): Promise<readonly number[]> {
  const stage = await started();
  try {
    const ms: number[] = [];
    for (let time = 0; time < times; time += 1) {
      const cut = stage.edges[time % REGIONS] as (typeof stage.edges)[number];
      for (const way of cut.ways) way.swallow();
      for (const { name, fleet } of stage.edges) void fleet.put(`drain/${name}-${time}`, { drained: true });
      await new Promise((resolve) => setTimeout(resolve, BROKEN_MS * (1 + time / times)));
      for (const way of cut.ways) way.heal();
      const inStep = () => new Set(stage.edges.map(({ fleet }) => JSON.stringify(fleet.list('')))).size === 1;
      if (inStep()) throw new Error('nothing was broken');
      ms.push(await eventually('all in step', inStep, 30_000));
      await stage.connected();
    }
    return ms;
  } finally {
    await stage.end();
  }
}

async function started(): Promise<FleetStage> {
  const stage = await FleetStage.start(REGIONS);
  for (let at = 0; at < REGIONS; at += 1) await stage.open(`edge-${at}`, at, USUAL);
  await stage.connected();
  return stage;
}

function toldOf(fleet: (typeof FleetStage.prototype.edges)[number]['fleet'], key: string, at: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  fleet.onChange((record) => {
    if (record.key === key && record.value['at'] === at) resolve();
  });
  return promise;
}
