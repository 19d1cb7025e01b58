import { expect, test } from 'vitest';
import { Figures } from '../../bench/world/figures.ts';
import type { Router } from '../../bench/world/flight.ts';
import { worldMap } from '../../bench/world/map.ts';
import { PLANS } from '../../bench/world/scenarios.ts';
import { Simulation } from '../../bench/world/simulation.ts';

const SPEC = { seed: 3, layout: 'first', endpoints: 9, edges: 6, queue: 4, declared: 2, peakRate: 200 } as const;
const TIMES = { warmMs: 1000, baseMs: 1000, faultMs: 1000, afterMs: 1000, steadyMs: 1000, hourMs: 100 };

test('a try that needs a connection goes out when it has one, a round trip later, and one that finds one goes out at once', async () => {
  const map = worldMap(SPEC);
  const scenario = PLANS.find(({ name }) => name === 'peak')?.of(map, TIMES);
  if (scenario === undefined) throw new Error('no peak');
  const world = new Simulation(map, scenario, new Figures(map, scenario));
  const waited: number[] = [];
  let [tries, answers] = [0, 0];
  const router: Router = {
    begin: (flight) => {
      tries += 1;
      world.send(flight, 0, Number.POSITIVE_INFINITY);
    },
    connected: ({ flight, sentMs }) => waited.push((world.nowMs - sentMs) / world.rttMs(flight.edge, 0)),
    answered: (one) => {
      answers += 1;
      world.finish(one.flight, one.status, one.endpoint);
    },
    failed: ({ flight }) => world.finish(flight, 502, -1),
    impatient: () => {},
  };
  world.router = router;
  await world.run();
  expect(answers).toBeGreaterThan(100);
  // Only the first of an edge, and those that are more at a time than before, find no connection.
  expect(waited.length).toBeGreaterThan(6);
  expect(waited.length).toBeLessThan(tries / 2);
  for (const roundTrips of waited) expect(roundTrips).toBeCloseTo(1, 0);
});
