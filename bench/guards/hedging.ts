import type { ChildProcess } from 'node:child_process';
import { end, firstMessage, start } from '../rig/children.ts';
import { type EdgeProcess, startEdge } from '../rig/edge.ts';
import { offer, quantileMs, type Seen } from './open-load.ts';

/*
 * What hedging is worth: three endpoints that answer in 20 ms, of which each has a third of the requests, and one of them now and then takes
 * 500 ms longer. A split gives each its third, since the score would soon send little to the one that is slow: that is the product's other answer
 * to such an endpoint, and not in question here. The load is open and moderate, so that no queue hides what is slow. Edges without and with hedges
 * run side by side before the same endpoints, and take turns, so that what else the machine does meets all of them.
 */

const ROUNDS = 3;
const PER_SECOND = 200;
/** All rounds give an edge 4,800 requests, 48 of them beyond p99, and both scenes are over in three minutes. */
const ROUND_MS = 8000;
const WARM_UP_MS = 3000;

const EDGES = ['', 'hedge: { after: p95 }', 'hedge: { after: 50ms }'] as const;
const SCENES = [
  { slow: '0.05', what: '5 % of its requests' },
  { slow: '0.15', what: '5 % of all requests' },
] as const;

/** Prints for each scene and edge the quantiles over all rounds, and how many requests more the endpoints got. */
export async function hedging(): Promise<void> {
  for (const scene of SCENES) await play(scene);
}

async function play({ slow, what }: (typeof SCENES)[number]): Promise<void> {
  const script = new URL('origin.ts', import.meta.url);
  const steady = ['--slots', '500', '--takes', '20'];
  const origins = [[...steady, '--slow', slow, '--slow-ms', '500'], steady, steady];
  const children = origins.map((args) => start({ script, args, ipc: true }));
  const edges: EdgeProcess[] = [];
  try {
    const ports = await Promise.all(children.map((child) => firstMessage<number>(child)));
    for (const service of EDGES) edges.push(await startEdge(yamlOf(service, ports)));
    for (const { port } of edges) await offer({ port, perSecond: PER_SECOND, forMs: WARM_UP_MS });
    const rounds: Round[][] = EDGES.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, { port }] of edges.entries()) rounds[i]?.push(await roundOf(port, children));
    }
    console.log(
      `hedge: one of three endpoints takes 500 ms longer for ${what}; ${PER_SECOND}/s, ${ROUNDS} rounds in turn`,
    );
    for (const [i, service] of EDGES.entries()) print(service === '' ? 'no hedge' : service, rounds[i] ?? []);
  } finally {
    await Promise.all(edges.map((edge) => edge.end()));
    await Promise.all(children.map((child) => end(child)));
  }
}

type Counts = { readonly begun: number; readonly cancelled: number };
type Round = { readonly seen: readonly Seen[]; readonly counts: readonly Counts[] };

/** What clients saw of one round, and what each endpoint did in it. */
async function roundOf(port: number, children: readonly ChildProcess[]): Promise<Round> {
  const before = await countsOf(children);
  const seen = await offer({ port, perSecond: PER_SECOND, forMs: ROUND_MS });
  const after = await countsOf(children);
  const counts = after.map(({ begun, cancelled }, i) => ({
    begun: begun - (before[i]?.begun ?? 0),
    cancelled: cancelled - (before[i]?.cancelled ?? 0),
  }));
  return { seen, counts };
}

async function countsOf(children: readonly ChildProcess[]): Promise<readonly Counts[]> {
  return Promise.all(
    children.map((child) => {
      const { promise, resolve } = Promise.withResolvers<Counts>();
      child.once('message', (counts) => resolve(counts as Counts));
      child.send('counts');
      return promise;
    }),
  );
}

function print(name: string, rounds: readonly Round[]): void {
  const seen = rounds.flatMap((round) => round.seen);
  const begun = rounds[0]?.counts.map((_, i) => sum(rounds.map(({ counts }) => counts[i]?.begun ?? 0))) ?? [];
  const cancelled = sum(rounds.flatMap(({ counts }) => counts.map((one) => one.cancelled)));
  const failed = seen.filter(({ status }) => status !== 200).length;
  const more = ((sum(begun) / seen.length - 1) * 100).toFixed(1);
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantileMs(seen, share).toFixed(0));
  const each = rounds.map((round) => quantileMs(round.seen, 0.99).toFixed(0)).join(', ');
  console.log(
    `hedge:   ${name}: p50 ${p50} p99 ${p99} (rounds ${each}) p99.9 ${p999} ms; ${seen.length} requests, ${failed} failed, ${more} % more sent, ${cancelled} cancelled; at each ${begun.join(', ')}`,
  );
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

function yamlOf(service: string, ports: readonly number[]): string {
  const endpoints = ports.map(
    (port, i) =>
      `      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}", capacity: 500, set: ${'abc'[i]} }`,
  );
  return `version: 1
edge: { id: bench, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 2 }
admin: { listen: "127.0.0.1:0" }
log: { level: warn, access: false }
services:
  shop:
    ${service}
    split: { a: 1, b: 1, c: 1 }
    endpoints:
${endpoints.join('\n')}
`;
}
