import type { Setting } from './configuration.ts';
import { Figures, type Summary } from './figures.ts';
import type { Router } from './flight.ts';
import { type MapSpec, worldMap } from './map.ts';
import { Oracle } from './oracle.ts';
import { type PeerName, PeerRouter } from './peers.ts';
import { ProductRouter } from './product-router.ts';
import type { Plan, Times } from './scenario.ts';
import { Simulation } from './simulation.ts';

/** Who decides in the edges of a world. */
export type Who = 'oracle' | 'product' | PeerName;

/** One scenario from beginning to end, in a world of its own. */
export async function run(who: Who, plan: Plan, world: WorldSpec, setting: Setting): Promise<Summary> {
  const map = worldMap({ ...world.spec, edges: plan.edges });
  const scenario = plan.of(map, world.times);
  const figures = new Figures(map, scenario);
  const simulation = new Simulation(map, scenario, figures);
  simulation.router = await routerOf(who, simulation, setting);
  await simulation.run();
  return figures.summary();
}

export type WorldSpec = { readonly spec: Omit<MapSpec, 'edges'>; readonly times: Times };

async function routerOf(who: Who, world: Simulation, setting: Setting): Promise<Router> {
  if (who === 'oracle') return new Oracle(world);
  return who === 'product' ? ProductRouter.open(world, setting) : new PeerRouter(world, who);
}
