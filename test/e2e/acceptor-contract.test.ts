import { expect, onTestFinished, test } from 'vitest';
import { chance } from '../../bench/fleet/chance.ts';
import { SETTINGS } from '../../bench/rig/fleet.ts';
import { RedisStore } from '../../src/fleet/redis.ts';
import type { Acceptor } from '../../src/fleet/strong/acceptor.ts';
import { ballotOf } from '../../src/fleet/strong/ballot.ts';
import { monotonicMs, systemClock, systemRandom, systemSleep } from '../../src/table/system-clock.ts';
import { startServers } from '../support/fleet-stage.ts';
import { lacks } from '../support/programs.ts';
import { SimulatedVoter, simulatedAcceptor } from '../support/simulated-acceptor.ts';

// What the simulation of strong values takes a store to be is what a real server does, call by call.

const LIMIT_MS = 5000;

test.skipIf(lacks('redis-server')).each([1, 2, 3, 4])(
  'a server and its double answer alike, chance %i',
  async (seed) => {
    const random = chance(seed);
    const [server] = await startServers({}, 1);
    const region = { name: 'a', url: server!.url, ca: undefined };
    const clock = systemClock(monotonicMs());
    const store = new RedisStore({
      region,
      ca: undefined,
      settings: SETTINGS,
      clock,
      sleep: systemSleep,
      random: systemRandom,
    });
    store.start({ change: () => {}, moved: () => {} });
    onTestFinished(() => store.close());
    await expect.poll(() => store.isConnected()).toBe(true);
    const double = simulatedAcceptor(
      new SimulatedVoter('a'),
      async (run) => run(),
      () => true,
    );
    const both = [store.acceptor, double] as const;
    // Lives have names of their own.
    const names = await Promise.all(both.map(async (one) => (await one.stand(LIMIT_MS)).life));
    const plain = (answer: unknown, at: number) =>
      JSON.parse(JSON.stringify(answer).replaceAll(names[at] as string, 'LIFE')) as unknown;
    const tally = { granted: 0, accepted: 0, done: 0 };
    for (let step = 0; step < 400; step += 1) {
      const ballot = () => ballotOf(`0000000${Math.floor(random() * 4)}`, Math.floor(random() * 20), '0000000001');
      const generation = ballot().slice(0, 8);
      const key = random() < 0.5 ? 'x' : 'y';
      const [one, other, what] = [ballot(), random() < 0.3 ? '' : ballot(), random()];
      const run = (acceptor: Acceptor, life: string): Promise<unknown> => {
        if (what < 0.35) return acceptor.vote(key, other, LIMIT_MS);
        if (what < 0.6)
          return promisedOf(acceptor, key).then((promised) =>
            acceptor.accept({ key, ballot: what < 0.55 ? promised : one, life, text: `t${step}` }, LIMIT_MS),
          );
        if (what < 0.65) return acceptor.accept({ key, ballot: one, life: 'another', text: 'x' }, LIMIT_MS);
        if (what < 0.7)
          return acceptor.fence({ generation, lives: [{ region: 'b', generation, life: `b${step}` }] }, LIMIT_MS);
        if (what < 0.8)
          return standing(acceptor).then((since) =>
            acceptor.install(
              { life, generation: since, clear: random1, entries: [{ key, accepted: { ballot: one, text: 'given' } }] },
              LIMIT_MS,
            ),
          );
        if (what < 0.85)
          return standing(acceptor).then((since) =>
            acceptor.admit(
              { region: 'a', life, generation: since, floor: other, lives: [{ region: 'c', generation, life: 'c' }] },
              LIMIT_MS,
            ),
          );
        if (what < 0.92)
          return acceptor
            .vote(key, '', LIMIT_MS)
            .then(({ promised, accepted }) =>
              acceptor.erase({ key, promised, accepted: accepted?.ballot ?? '' }, LIMIT_MS),
            );
        return acceptor.stand(LIMIT_MS);
      };
      const random1 = random() < 0.5;
      const [real, simulated] = await Promise.all(
        both.map(async (acceptor, at) => plain(await run(acceptor, names[at] as string), at)),
      );
      expect([step, sorted(real)]).toEqual([step, sorted(simulated)]);
      if ((real as { granted?: boolean }).granted === true) tally.granted += 1;
      if (real === true) tally[what < 0.6 ? 'accepted' : 'done'] += 1;
    }
    const dumps = await Promise.all(both.map((acceptor) => dumped(acceptor)));
    expect(dumps[0]).toEqual(dumps[1]);
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(0);
  },
);

async function promisedOf(acceptor: Acceptor, key: string): Promise<string> {
  return (await acceptor.vote(key, '', LIMIT_MS)).promised;
}

async function standing(acceptor: Acceptor): Promise<string> {
  return (await acceptor.stand(LIMIT_MS)).generation;
}

/** Lives come in no order. */
function sorted(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('lives' in answer)) return answer;
  const lives = (answer.lives as { region: string }[]).toSorted((a, b) => (a.region < b.region ? -1 : 1));
  return { ...answer, lives };
}

async function dumped(acceptor: Acceptor) {
  const entries = [];
  for (let [place, more] = [0, true]; more; ) {
    const dump = await acceptor.dump(place, LIMIT_MS);
    entries.push(...dump.entries);
    [place, more] = [dump.after, dump.more];
  }
  return entries;
}
