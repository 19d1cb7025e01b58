/*
 * How fast does what one edge writes reach the others, and what does a large fleet cost?
 *
 *   npm run bench:fleet [-- --only latency,heal,cost] [--puts 300] [--edges 10,25,50] [--seconds 10]
 *   npm run bench:fleet -- --schedules 100 [--seed 1]
 *
 * A real redis-server per region on loopback, and edges that are all in this one process, each on connections of its own.
 * `latency`: from a put on one edge until the last of the others is told of it, with three edges in three regions. `heal`:
 * from the end of a network that swallowed everything until all is in step. `cost`: bytes on the wire and CPU of this
 * process per edge, while every edge tells what it sees of 300 endpoints. `--schedules` plays that many random schedules of
 * edges, servers and links that die and come back; exits with 1 when edges differ in the end or something acknowledged is
 * lost. The CPU includes that of the relays that count the bytes.
 *
 *   npm run bench:fleet -- --only drain,hang [--rounds 100] [--heals 20] [--pairs 5] [--phase 4]
 *
 * `drain` and `hang` are with whole edges, each a process started by its command line. `drain`: under load, from an order to
 * drain a region at one edge until the last request that another sends there; and the same for an edge that could not be
 * reached, from when it can. `hang`: latencies at an edge while all stores hang, against those while they are well.
 */
import { parseArgs } from 'node:util';
import { measureCost } from './fleet/cost.ts';
import { measureDrain } from './fleet/drain.ts';
import { measureHang, medianUs } from './fleet/hang.ts';
import { measureHeal, measureLatency } from './fleet/latency.ts';
import { type Played, play } from './fleet/schedules.ts';

const LATENCY_MS_MAX = 1000;
const HEAL_MS_MAX = 2000;
const HEALS = 10;
const HANG_SHARE_MAX = 1.05;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'latency,heal,cost' },
    puts: { type: 'string', default: '300' },
    edges: { type: 'string', default: '10,25,50' },
    seconds: { type: 'string', default: '10' },
    schedules: { type: 'string' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '100' },
    heals: { type: 'string', default: '20' },
    pairs: { type: 'string', default: '5' },
    phase: { type: 'string', default: '4' },
  },
});
const only = values.schedules === undefined ? values.only.split(',') : [];
const problems: string[] = [];
if (values.schedules !== undefined) await playAll(Number(values.seed), Number(values.schedules));
if (only.includes('latency')) await latency();
if (only.includes('heal')) await heal();
if (only.includes('cost')) await measureCost(values.edges.split(',').map(Number), Number(values.seconds));
if (only.includes('drain')) await drain();
if (only.includes('hang')) await hang();
console.log(problems.length === 0 ? '\nall goals were met' : `\n${problems.join('\n')}`);
process.exit(problems.length === 0 ? 0 : 1);

async function playAll(first: number, count: number): Promise<void> {
  const all: Played[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const played = await play(seed);
    all.push(played);
    const isWell = played.states === 1 && played.lost.length === 0;
    if (!isWell) problems.push(`seed ${seed}: ${played.states} states, lost ${played.lost.join(', ') || 'nothing'}`);
    const { puts, acknowledged, tookMs, allMs } = played;
    console.log(
      `seed ${seed}: ${isWell ? 'well' : 'NOT WELL'}, ${acknowledged} of ${puts} acknowledged, edges in step after ${tookMs.toFixed(0)} ms, servers after ${allMs.toFixed(0)} ms`,
    );
  }
  const sum = (of: (played: Played) => number) => all.reduce((total, played) => total + of(played), 0);
  console.log(
    `${count} schedules, ${sum(({ puts }) => puts)} writes, ${sum(({ acknowledged }) => acknowledged)} acknowledged`,
  );
  console.log(`all edges in step after: ${words(all.map(({ tookMs }) => tookMs))}`);
  console.log(`all servers too after: ${words(all.map(({ allMs }) => allMs))}`);
}

async function latency(): Promise<void> {
  const ms = await measureLatency(Number(values.puts));
  console.log(`put on one edge until the last other is told, ${ms.length} puts: ${words(ms)}`);
  if (at(ms, 0.99) > LATENCY_MS_MAX) problems.push(`p99 is above ${LATENCY_MS_MAX} ms`);
}

async function heal(): Promise<void> {
  const ms = await measureHeal(HEALS);
  console.log(`healed network until all are in step, ${ms.length} times: ${words(ms)}`);
  if (at(ms, 1) > HEAL_MS_MAX) problems.push(`a healed network took longer than ${HEAL_MS_MAX} ms`);
}

async function drain(): Promise<void> {
  const all = await measureDrain(Number(values.rounds), Number(values.heals));
  const { obeyedMs, askedMs, healedMs, unaware, late, answered, failed } = all;
  console.log(`order until the last request by another edge, ${obeyedMs.length} times: ${words(obeyedMs)}`);
  console.log(`answer until the last request by the edge that was asked: ${words(askedMs)}`);
  console.log(
    `network well until the last request by the edge that was cut off, ${healedMs.length} times: ${words(healedMs)}`,
  );
  console.log(`requests there by that edge before: ${unaware}; requests there after it was quiet: ${late}`);
  console.log(`requests of clients: ${answered} answered, ${failed} failed`);
  if (at(obeyedMs, 0.99) > LATENCY_MS_MAX) problems.push(`a drain took longer than ${LATENCY_MS_MAX} ms`);
  if (at(healedMs, 1) > HEAL_MS_MAX) problems.push(`an edge that was cut off took longer than ${HEAL_MS_MAX} ms`);
  if (late > 0) problems.push(`${late} requests came to a drained region`);
  if (failed > 0) problems.push(`${failed} requests failed`);
}

async function hang(): Promise<void> {
  const { well, hanging } = await measureHang(Number(values.pairs), Number(values.phase));
  for (const figure of ['p50Us', 'p99Us'] as const) {
    const [without, during] = [medianUs(well, (one) => one[figure]), medianUs(hanging, (one) => one[figure])];
    const each = [well, hanging].map((phases) => phases.map((one) => one[figure].toFixed(0)).join(' ')).join(' | ');
    const share = during / without;
    console.log(
      `${figure.slice(0, -2)}, ${well.length} phases each: well ${without.toFixed(0)} µs, hanging ${during.toFixed(0)} µs, ratio ${share.toFixed(3)} (${each})`,
    );
    if (share > HANG_SHARE_MAX) problems.push(`${figure.slice(0, -2)} is more than 5 % higher while the stores hang`);
  }
  const failed = [...well, ...hanging].reduce((sum, one) => sum + one.failed, 0);
  console.log(`failed: ${failed}`);
  if (failed > 0) problems.push(`${failed} requests failed`);
}

function words(ms: readonly number[]): string {
  return `p50 ${at(ms, 0.5).toFixed(1)} ms, p99 ${at(ms, 0.99).toFixed(1)} ms, most ${at(ms, 1).toFixed(1)} ms`;
}

function at(ms: readonly number[], share: number): number {
  const sorted = ms.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
