import type { Setting } from './configuration.ts';
import { Figures } from './figures.ts';
import { type MapSpec, worldMap } from './map.ts';
import { ProductRouter } from './product-router.ts';
import type { Scenario } from './scenario.ts';
import { Simulation } from './simulation.ts';

/** How old what one edge knows of the others' counts is, in ms: over many changes, until each of the others decides by it. */
export type Age = { readonly meanMs: number; readonly p95Ms: number; readonly maxMs: number };

const FIRST_MS = 20_000;
/** Changes are this far apart, and a bit more each time, so that they come at all moments of a period. */
const APART_MS = 20_370;
const CHANGES = 60;
const LOOK_MS = 10;
/** More than a simulated endpoint ever has. */
const MARK = 1_000_000;

/**
 * Puts a count at one edge that no request brought about, and watches when the others' tables have it, at the first endpoint. Hardly
 * a request comes meanwhile. The mean over changes at all moments is how old a count is on average when it is used.
 */
export async function ageOfCounts(spec: MapSpec, setting: Setting): Promise<Age> {
  const map = worldMap(spec);
  const scenario: Scenario = {
    name: 'age',
    acts: [{ atMs: 0, act: (world) => world.setDemand(map.peakHour, () => 1e-3) }],
    measureFromMs: FIRST_MS,
    endMs: FIRST_MS + CHANGES * APART_MS,
    waver: { fromMs: 0, toMs: 0, sliceMs: 1 },
    fault: undefined,
    declared: 1,
  };
  const world = new Simulation(map, scenario, new Figures(map, scenario));
  const router = await ProductRouter.open(world, setting);
  world.router = router;
  const ages: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    world.call(FIRST_MS + change * APART_MS, () => mark(world, router, change, ages));
  }
  await world.run();
  const sorted = ages.toSorted((a, b) => a - b);
  return {
    meanMs: ages.reduce((sum, ms) => sum + ms, 0) / ages.length,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}

/** Edges take turns; a mark is taken away by the next turn of its edge, and stays in nobody's way until then. */
function mark(world: Simulation, router: ProductRouter, change: number, ages: number[]): void {
  const { edges } = router;
  const from = edges[change % edges.length] as (typeof edges)[number];
  const { inFlight } = from.table.live;
  const now = (inFlight[0] as number) >= MARK ? -MARK : MARK;
  const before = edges.map(({ table }) => table.live.fleetInFlight[0] as number);
  inFlight[0] = (inFlight[0] as number) + now;
  const startMs = world.nowMs;
  const waiting = new Set(edges.filter((edge) => edge !== from));
  const look = (): void => {
    for (const edge of waiting) {
      const seen = (edge.table.live.fleetInFlight[0] as number) - (before[edges.indexOf(edge)] as number);
      if (Math.abs(seen - now) > MARK / 2) continue;
      waiting.delete(edge);
      ages.push(world.nowMs - startMs);
    }
    if (waiting.size > 0 && world.nowMs - startMs < APART_MS - LOOK_MS) world.call(world.nowMs + LOOK_MS, look);
  };
  look();
}
