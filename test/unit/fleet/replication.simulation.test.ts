import { expect, test } from 'vitest';
import { chance } from '../../../bench/fleet/chance.ts';
import { LEASE_MS } from '../../../src/fleet/region.ts';
import { FleetSimulation, HEALED_MS } from '../../support/fleet-simulation.ts';

// The whole replication under chance: edges and servers die and come back, links break and heal, messages get lost.
// A run is the same for the same seed: MERIDIAN_SEED=n runs that one alone.
const SEED = process.env['MERIDIAN_SEED'];
const SCHEDULES = Number(process.env['MERIDIAN_SCHEDULES'] ?? 400);
const STEPS = 25;

const seeds = SEED === undefined ? Array.from({ length: SCHEDULES }, (_, at) => at + 1) : [Number(SEED)];

test(`${seeds.length} schedules: all end in the same state, and nothing acknowledged is lost`, {
  timeout: 120_000,
}, async () => {
  for (const seed of seeds) await play(seed);
});

async function play(seed: number): Promise<void> {
  const random = chance(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const regions = 1 + Math.floor(random() * 3);
  const fleet = new FleetSimulation(random, regions, 1 + Math.floor(random() * 5));
  // An acknowledged write is in the memory of its writer and in its region's store: one of the two may go, not both.
  const losesData = random() < 0.5;
  let count = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const edge = pick(fleet.edges) as string;
    const server = pick(fleet.servers)!;
    const what = random();
    if (what < 0.45) {
      const keys = ['drain/a', 'drain/b', 'weight/a', `only/${(count += 1)}`];
      fleet.put(edge, pick(keys) as string, { drained: random() < 0.5, n: step });
    } else if (what < 0.65) fleet.cut(edge, server.name);
    else if (what < 0.75) fleet.heal();
    else if (what < 0.85) {
      if (random() < 0.4) server.refused = server.refused === '' ? 'it is a read-only replica' : '';
      else if (server.alive) server.alive = false;
      else server.restart(!losesData);
    } else if (!losesData) {
      if (fleet.alive().includes(edge)) fleet.kill(edge);
      else fleet.begin(edge);
    }
    await fleet.time.pass(random() * 400);
  }
  // Whoever is still alive is enough; a fleet without an edge needs one.
  fleet.heal();
  for (const server of fleet.servers) {
    server.refused = '';
    if (!server.alive) server.restart(!losesData);
  }
  if (fleet.alive().length === 0) fleet.begin('e0');
  // A keeper that died is replaced when its lease has run out.
  await fleet.time.pass(HEALED_MS + (losesData ? 0 : LEASE_MS), () => fleet.states().size === 1);
  const atOnce = fleet.states().size;
  // Nothing that is still on its way may change it.
  await fleet.time.pass(5000);
  const seen = { seed, atOnce, after: fleet.states().size, lost: fleet.lost() };
  fleet.end();
  expect(seen).toEqual({ seed, atOnce: 1, after: 1, lost: [] });
}
