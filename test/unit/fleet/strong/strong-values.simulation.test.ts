import { expect, test } from 'vitest';
import { chance } from '../../../../bench/fleet/chance.ts';
import { StrongSimulation } from '../../../support/strong-simulation.ts';

const SCHEDULES = Number(process.env['STRONG_SCHEDULES'] ?? 400);
const FIRST = Number(process.env['STRONG_SEED'] ?? 1);
const STEPS = 40;
const KEYS = ['a', 'b'];

async function play(seed: number): Promise<StrongSimulation> {
  const random = chance(seed);
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
  const sim = new StrongSimulation(random, random() < 0.7 ? 3 : 5, 3);
  // Where little goes wrong, keys that were deleted get so far as to be forgotten.
  const calm = random() < 0.4 ? 6 : 1;
  // Most begin with stores that vote already, some while edges that know nothing of each other found them.
  const isFounded = () => sim.voters.every((voter) => voter.isMember);
  for (let tries = 0; random() < 0.9 && tries < 20 && !isFounded(); tries += 1) {
    void pick(sim.edges).values.mend();
    await sim.time.pass(1000, isFounded);
  }
  for (let step = 0; step < STEPS; step += 1) {
    sim.act(pick(sim.edges), pick(KEYS));
    if (random() < 0.7) sim.erase(pick(sim.edges), pick(KEYS));
    if (random() < 0.5) void pick(sim.edges).values.mend();
    fault(sim, random() * calm, pick);
    await sim.time.pass(random() ** 2 * 120);
  }
  sim.heal();
  await sim.time.pass(5000, () => sim.isIdle);
  for (const key of KEYS) for (const edge of sim.edges) sim.read(edge, key);
  await sim.time.pass(5000, () => sim.isIdle);
  return sim;
}

type Pick = <T>(all: readonly T[]) => T;

/** A link that is cut, a network that is well again, or a server that is restarted; mostly nothing. */
function fault(sim: StrongSimulation, what: number, pick: Pick): void {
  const voter = pick(sim.voters);
  if (what < 0.07) sim.cut(pick(sim.edges), voter);
  else if (what < 0.3) sim.heal();
  else if (what < 0.32) voter.restart(true);
  // What it knew must be known to others: to most, who vote.
  else if (what < 0.36 && sim.voters.every((one) => one === voter || one.isMember)) voter.restart(false);
}

test(`${SCHEDULES} schedules in virtual time: every key is as one copy would be`, { timeout: 600_000 }, async () => {
  const sums = { done: 0, refused: 0, unknown: 0, stopped: 0, founded: 0, admitted: 0, erased: 0 };
  for (let seed = FIRST; seed < FIRST + SCHEDULES; seed += 1) {
    const sim = await play(seed);
    expect([seed, sim.isIdle, sim.wrong()]).toEqual([seed, true, []]);
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += sim.counts[key];
  }
  // A test in which nothing is done, or nothing goes wrong, shows nothing.
  expect(sums.done).toBeGreaterThan(SCHEDULES * 6);
  expect(Math.min(sums.refused, sums.unknown, sums.stopped, sums.founded, sums.erased)).toBeGreaterThan(SCHEDULES / 20);
  expect(sums.admitted).toBeGreaterThan(SCHEDULES * 2);
});
