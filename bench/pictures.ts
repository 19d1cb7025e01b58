/*
 * The pictures of docs/routing.md, from the simulated world.
 *
 *   npm run bench:pictures
 *
 * docs/pictures/scenarios.svg is the table that `npm run bench:world -- --write` has written into bench/README.md;
 * docs/pictures/outage.svg is played anew: a region that falls silent, second by second.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { worldMap } from './world/map.ts';
import { Oracle } from './world/oracle.ts';
import { PeerRouter } from './world/peers.ts';
import { outagePicture, type Story, scenariosPicture } from './world/pictures.ts';
import { ProductRouter } from './world/product-router.ts';
import type { Scenario } from './world/scenario.ts';
import { PLANS } from './world/scenarios.ts';
import { Seconds } from './world/seconds.ts';
import { Simulation } from './world/simulation.ts';

const TIMES = { warmMs: 15_000, baseMs: 10_000, faultMs: 30_000, afterMs: 40_000, steadyMs: 0, hourMs: 0 };
const SPEC = { seed: 1, layout: 'first', endpoints: 9, edges: 6, queue: 4, declared: 2, peakRate: 2000 } as const;
const SETTING = { fleet: true, reportS: 1, priority: undefined, yaml: '', threads: 2 };
const FOLDER = new URL('../docs/pictures/', import.meta.url);

mkdirSync(FOLDER, { recursive: true });
const page = readFileSync(new URL('README.md', import.meta.url), 'utf8');
writeFileSync(new URL('scenarios.svg', FOLDER), scenariosPicture(page));
const stories: Story[] = [];
for (const who of ['oracle', 'Meridian, fleet', 'nearest', 'P2C peak EWMA'] as const) stories.push(await storyOf(who));
const [fromS, toS] = [(TIMES.warmMs + TIMES.baseMs) / 1000, (TIMES.warmMs + TIMES.baseMs + TIMES.faultMs) / 1000];
writeFileSync(new URL('outage.svg', FOLDER), outagePicture(stories, fromS, toS));

async function storyOf(who: 'oracle' | 'Meridian, fleet' | 'nearest' | 'P2C peak EWMA'): Promise<Story> {
  const map = worldMap(SPEC);
  const scenario = PLANS.find(({ name }) => name === 'region silent')?.of(map, TIMES) as Scenario;
  const figures = new Seconds(map, scenario);
  const world = new Simulation(map, scenario, figures);
  if (who === 'oracle') world.router = new Oracle(world);
  else if (who === 'Meridian, fleet') world.router = await ProductRouter.open(world, SETTING);
  else world.router = new PeerRouter(world, who);
  await world.run();
  return { who, means: Array.from(figures.sums, (sum, second) => sum / (figures.counts[second] ?? Number.NaN)) };
}
