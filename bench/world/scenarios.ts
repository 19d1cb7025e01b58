import { CAPACITY_OVER_PEAK, type WorldMap } from './map.ts';
import { type Trouble, WELL } from './origin.ts';
import type { Plan, Scenario, Times } from './scenario.ts';
import type { Simulation } from './simulation.ts';

/** A cloud less leaves two thirds of the capacity, so the load is smaller there: four fifths of what is left. */
const CLOUD_LOAD = 0.7;
const FLAP_MS = 7000;
/** Europe's evening, when Asia sleeps: with three times Europe's clients the world is as busy as it ever is. */
const CROWD_HOUR = 18;
const CROWD = { continent: 'EU', factor: 3 };

/** Every scenario, in the order of the table. */
export const PLANS: readonly Plan[] = [
  { name: 'day', edges: 6, of: day },
  { name: 'peak', edges: 6, of: (map, times) => steady('peak', map, times, { load: 1 }) },
  { name: '95 %', edges: 6, of: (map, times) => steady('95 %', map, times, { load: 0.95 * CAPACITY_OVER_PEAK }) },
  { name: 'surge to 120 %', edges: 6, of: surge },
  { name: 'region silent', edges: 6, of: troubled('region silent', { kind: 'silent' }) },
  { name: 'region refused', edges: 6, of: troubled('region refused', { kind: 'refused' }) },
  { name: 'cloud silent', edges: 6, of: cloudSilent },
  { name: 'region +800 ms', edges: 6, of: troubled('region +800 ms', { kind: 'slow', ms: 800 }) },
  { name: 'region 10 % errors', edges: 6, of: troubled('region 10 % errors', { kind: 'errors', share: 0.1 }) },
  { name: 'region 50 % errors', edges: 6, of: troubled('region 50 % errors', { kind: 'errors', share: 0.5 }) },
  { name: 'region flapping', edges: 6, of: flapping },
  { name: 'flash crowd × 3', edges: 6, of: crowd },
  {
    name: 'capacity × ½',
    edges: 6,
    of: (map, times) => steady('capacity × ½', map, times, { load: 1, declared: 0.5 }),
  },
  { name: 'capacity × 2', edges: 6, of: (map, times) => steady('capacity × 2', map, times, { load: 1, declared: 2 }) },
  {
    name: 'capacity × 10',
    edges: 6,
    of: (map, times) => steady('capacity × 10', map, times, { load: 1, declared: 10 }),
  },
  { name: 'one edge', edges: 1, of: (map, times) => steady('one edge', map, times, { load: 1 }) },
  {
    name: 'one edge at 95 %',
    edges: 1,
    of: (map, times) => steady('one edge at 95 %', map, times, { load: 0.95 * CAPACITY_OVER_PEAK }),
  },
  { name: 'cold start', edges: 6, of: coldStart },
  { name: 'all return', edges: 6, of: allReturn },
];

type Steady = { readonly load: number; readonly declared?: number };

/** The same demand from beginning to end: `load` over that of the busiest hour. */
function steady(name: string, map: WorldMap, times: Times, { load, declared = 1 }: Steady): Scenario {
  const { warmMs, steadyMs } = times;
  const endMs = warmMs + steadyMs;
  return {
    name,
    acts: [{ atMs: 0, act: (world) => world.setDemand(map.peakHour, () => load) }],
    measureFromMs: warmMs,
    endMs,
    waver: { fromMs: warmMs, toMs: endMs, sliceMs: steadyMs },
    fault: undefined,
    declared,
  };
}

function day(_map: WorldMap, { warmMs, hourMs }: Times): Scenario {
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    atMs: hour === 0 ? 0 : warmMs + hour * hourMs,
    act: (world: Simulation) => world.setDemand(hour, () => 1),
  }));
  const endMs = warmMs + 24 * hourMs;
  return {
    name: 'day',
    acts: hours,
    measureFromMs: warmMs,
    endMs,
    waver: { fromMs: warmMs, toMs: endMs, sliceMs: hourMs },
    fault: undefined,
    declared: 1,
  };
}

/** All that there is and a fifth more, out of a busiest hour. */
function surge(map: WorldMap, times: Times): Scenario {
  const calm = steady('surge to 120 %', map, times, { load: 1 });
  const { warmMs, steadyMs } = times;
  const act = (world: Simulation) => world.setDemand(map.peakHour, () => 1.2 * CAPACITY_OVER_PEAK);
  return { ...calm, acts: [...calm.acts, { atMs: warmMs, act }], endMs: warmMs + steadyMs };
}

function crowd(map: WorldMap, times: Times): Scenario {
  const { warmMs, baseMs, steadyMs } = times;
  const atMs = warmMs + baseMs;
  const continentOf = (site: number) => map.sites[site]?.continent;
  const factorOf = (site: number) => (continentOf(site) === CROWD.continent ? CROWD.factor : 1);
  return {
    ...steady('flash crowd × 3', map, times, { load: 1 }),
    acts: [
      { atMs: 0, act: (world) => world.setDemand(CROWD_HOUR, () => 1) },
      { atMs, act: (world) => world.setDemand(CROWD_HOUR, factorOf) },
    ],
    measureFromMs: atMs,
    endMs: atMs + steadyMs,
    waver: { fromMs: atMs, toMs: atMs + steadyMs, sliceMs: steadyMs },
  };
}

function coldStart(map: WorldMap, times: Times): Scenario {
  const calm = steady('cold start', map, times, { load: 1 });
  const { steadyMs } = times;
  return { ...calm, measureFromMs: 0, endMs: steadyMs, waver: { fromMs: 0, toMs: steadyMs, sliceMs: steadyMs } };
}

/** One region has a trouble for a while. */
function troubled(name: string, trouble: Trouble): Plan['of'] {
  return (map, times) => faulty(name, map, times, { endpoints: regionOf(map), load: 1, trouble });
}

function cloudSilent(map: WorldMap, times: Times): Scenario {
  const endpoints = indices(map, ({ cloud }) => cloud === map.layout.trouble.cloud);
  return faulty('cloud silent', map, times, { endpoints, load: CLOUD_LOAD, trouble: { kind: 'silent' } });
}

type Faulty = { readonly endpoints: readonly number[]; readonly load: number; readonly trouble: Trouble };

function faulty(name: string, map: WorldMap, times: Times, { endpoints, load, trouble }: Faulty): Scenario {
  const { warmMs, baseMs, faultMs, afterMs } = times;
  const fromMs = warmMs + baseMs;
  const toMs = fromMs + faultMs;
  return {
    ...steady(name, map, times, { load }),
    acts: [
      { atMs: 0, act: (world) => world.setDemand(map.peakHour, () => load) },
      { atMs: fromMs, act: (world) => setTrouble(world, endpoints, trouble) },
      { atMs: toMs, act: (world) => setTrouble(world, endpoints, WELL) },
    ],
    endMs: toMs + afterMs,
    waver: { fromMs: warmMs, toMs: fromMs, sliceMs: baseMs },
    fault: { endpoints, fromMs, toMs },
  };
}

/** Refuses for some seconds, works for as many, and so on. */
function flapping(map: WorldMap, times: Times): Scenario {
  const plain = faulty('region flapping', map, times, { endpoints: regionOf(map), load: 1, trouble: WELL });
  const { fromMs, toMs, endpoints } = plain.fault as NonNullable<Scenario['fault']>;
  const flaps = Math.max(2, Math.round((toMs - fromMs) / FLAP_MS));
  const acts = Array.from({ length: flaps }, (_, flap) => ({
    atMs: fromMs + flap * FLAP_MS,
    act: (world: Simulation) => setTrouble(world, endpoints, flap % 2 === 0 ? { kind: 'refused' } : WELL),
  }));
  const last = plain.acts.at(-1) as Scenario['acts'][number];
  return { ...plain, acts: [plain.acts[0] as Scenario['acts'][number], ...acts, last] };
}

/** Everything refuses for a while. What is measured begins with the return. */
function allReturn(map: WorldMap, times: Times): Scenario {
  const endpoints = map.endpoints.map((_, at) => at);
  const outage = faulty('all return', map, times, { endpoints, load: 1, trouble: { kind: 'refused' } });
  const backMs = outage.fault?.toMs ?? 0;
  const waver = { fromMs: backMs, toMs: outage.endMs, sliceMs: outage.endMs - backMs };
  return { ...outage, measureFromMs: backMs, waver, fault: undefined };
}

function setTrouble(world: Simulation, endpoints: readonly number[], trouble: Trouble): void {
  for (const at of endpoints) (world.origins[at] as Simulation['origins'][number]).trouble = trouble;
}

function regionOf(map: WorldMap): readonly number[] {
  const { trouble } = map.layout;
  return indices(map, ({ cloud, region }) => cloud === trouble.cloud && region === trouble.region);
}

function indices(map: WorldMap, is: (endpoint: WorldMap['endpoints'][number]) => boolean): readonly number[] {
  return map.endpoints.flatMap((endpoint, at) => (is(endpoint) ? [at] : []));
}
