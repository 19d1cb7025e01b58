/*
 * Is what is kept in a fleet kept, and read as it is?
 *
 *   npm run bench:values [-- --schedules 1000] [--seed 1] [--at-once 4]
 *
 * Plays random schedules with three real redis-servers on loopback and three edges in this process, each on connections of its own
 * through relays that are cut, go silent and are healed; servers are restarted with what they had on disk, or lose all of it while the
 * others vote. Exits with 1 when the history of a strong value cannot be that of one copy (linearizable), when something that was
 * acknowledged as eventual is not at every edge in the end, or when edges differ.
 */
import { parseArgs } from 'node:util';
import { type PlayedValues, playValues } from './fleet/values-schedules.ts';
import { RedisServer } from './rig/redis.ts';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '4' },
  },
});
const [first, count, atOnce] = [Number(values.seed), Number(values.schedules), Number(values['at-once'])];
const PROGRESS = 50;
const all: PlayedValues[] = [];
let next = first;
// One after the other, or they would take each other's ports.
const crews: RedisServer[][] = [];
for (let crew = 0; crew < atOnce; crew += 1) crews.push(await threeServers());
await Promise.all(crews.map(work));
report();

async function threeServers(): Promise<RedisServer[]> {
  const servers: RedisServer[] = [];
  for (let at = 0; at < 3; at += 1) servers.push(await RedisServer.start({ durable: true }));
  return servers;
}

/** Plays one schedule after the other on three servers, which it ends. */
async function work(servers: readonly RedisServer[]): Promise<void> {
  try {
    while (next < first + count) {
      const seed = next;
      next += 1;
      const played = await playValues(seed, servers);
      all.push(played);
      if (played.wrong.length > 0) console.log(`seed ${seed}: ${played.wrong.join('; ')}`);
      if (all.length % PROGRESS === 0) console.log(`${all.length} of ${count} schedules played`);
    }
  } finally {
    for (const server of servers) await server.end();
  }
}

function report(): void {
  const sum = (of: (played: PlayedValues) => number) => all.reduce((total, played) => total + of(played), 0);
  const strong = (key: keyof PlayedValues['strong']) => sum((played) => played.strong[key]);
  const fault = (key: keyof PlayedValues['faults']) => sum((played) => played.faults[key]);
  console.log(
    `${all.length} schedules: strong ${strong('done')} done, ${strong('conflicts')} conflicts, ${strong('refused')} refused, ${strong('unknown')} unknown;`,
  );
  console.log(
    `eventual ${sum((played) => played.eventual.acknowledged)} acknowledged, ${sum((played) => played.eventual.here)} not;`,
  );
  console.log(
    `${fault('cuts')} connections cut, ${fault('swallows')} silenced, ${fault('restarts')} servers restarted, ${fault('emptied')} emptied`,
  );
  const ms = all.map(({ healedMs }) => healedMs).toSorted((a, b) => a - b);
  const at = (share: number) => (ms[Math.min(ms.length - 1, Math.floor(ms.length * share))] ?? Number.NaN).toFixed(0);
  console.log(`all edges alike after: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
  const wrong = all.filter((played) => played.wrong.length > 0).map(({ seed }) => seed);
  console.log(
    wrong.length === 0 ? 'nothing was lost, and nothing was read stale' : `NOT WELL: seeds ${wrong.join(', ')}`,
  );
  process.exit(wrong.length === 0 ? 0 : 1);
}
