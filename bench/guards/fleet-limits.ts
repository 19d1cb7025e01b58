import { end, firstMessage, start } from '../rig/children.ts';
import { type EdgeProcess, startEdge } from '../rig/edge.ts';
import { RedisServer } from '../rig/redis.ts';
import { countsBySecond, isNear } from './by-second.ts';
import { offer, type Seen } from './open-load.ts';

/*
 * A limit of 1,000 a second over three edges with one redis-server, of a service and of the only client that asks: one and a half times as much, asked
 * evenly, and then 80, 15 and 5 %.
 */

/** Seconds after which the edges of a fleet have told each other. */
const SETTLED_S = 8;
const SPLITS = [
  ['even', [1 / 3, 1 / 3, 1 / 3]],
  ['80/15/5', [0.8, 0.15, 0.05]],
] as const;
const LIMITS = [
  ['limit 1000/s', 'requests: 1000/s, burst: 250'],
  ['limit of a client 1000/s', 'per_client: { requests: 1000/s, burst: 250 }'],
] as const;

/** Prints for each limit and split how many pass in each second. */
export async function fleetLimits(): Promise<void> {
  for (const [what, limits] of LIMITS) {
    for (const [name, parts] of SPLITS) {
      const { seen: all, sums } = await throughFleet(limits, parts);
      const offered = countsBySecond(all);
      const passed = countsBySecond(all.filter(({ status }) => status === 200));
      const even = [...offered.keys()].filter((s) => s >= SETTLED_S && isNear(offered[s], 1500));
      const counts = even.map((second) => passed[second] ?? 0);
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const within = counts.filter((count) => Math.abs(count / 1000 - 1) <= 0.02).length;
      console.log(
        `fleet: ${what}, three edges, ${name}: mean ${mean.toFixed(1)}/s, within 2 % in ${within} of ${counts.length} seconds in which 1500 came`,
      );
      const settled = sums.slice(SETTLED_S).toSorted((a, b) => a - b);
      const [least, most] = [settled[0] ?? Number.NaN, settled.at(-1) ?? Number.NaN];
      const shares = Number.isNaN(least) ? '' : `; the shares sum to ${least.toFixed(3)} to ${most.toFixed(3)}`;
      const first = passed.slice(0, SETTLED_S).map((count) => count ?? 0);
      console.log(`fleet: ${name}: ${counts.join(' ')}${shares}; the first seconds: ${first.join(' ')}`);
    }
  }
}

/** What a load of 1,500 a second comes to whose parts go to edges of their own, which share a limit. */
async function throughFleet(
  limits: string,
  parts: readonly number[],
): Promise<{ readonly seen: readonly Seen[]; readonly sums: readonly number[] }> {
  const redis = await RedisServer.start();
  const origin = start({
    script: new URL('origin.ts', import.meta.url),
    args: ['--slots', '500', '--takes', '1'],
    ipc: true,
  });
  const edges: EdgeProcess[] = [];
  try {
    const port = await firstMessage<number>(origin);
    for (const at of parts.keys())
      edges.push(await startEdge(fleetFile(at, limits, { redis: redis.url, origin: port })));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const loads = edges.map((edge, i) =>
      offer({ port: edge.port, perSecond: 1500 * (parts[i] as number), forMs: 30_000 }),
    );
    // What is the machine's and what is the shares' can be told apart: a process that is not on a core has its share all the same.
    const sums: number[] = [];
    const sampling = setInterval(() => void sumOfShares(edges).then((sum) => sums.push(sum)), 1000);
    const seen = await Promise.all(loads).finally(() => clearInterval(sampling));
    return { seen: seen.flat(), sums: sums.filter((sum) => !Number.isNaN(sum)) };
  } finally {
    for (const edge of edges) await edge.end();
    await end(origin);
    await redis.end();
  }
}

/** What the shares of the limit of the service are together now, as the edges say. */
async function sumOfShares(edges: readonly EdgeProcess[]): Promise<number> {
  const shares = await Promise.all(
    edges.map(async ({ adminPort }) => {
      const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
      return Number(/^meridian_fleet_limit_share\{service="shop"\} (\S+)$/m.exec(text)?.[1]);
    }),
  );
  return shares.reduce((sum, share) => sum + share, 0);
}

function fleetFile(at: number, limits: string, { redis, origin }: { readonly redis: string; readonly origin: number }) {
  return `version: 1
edge: { id: edge-${at}, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1 }
admin: { listen: "127.0.0.1:0" }
log: { level: warn, access: false }
fleet: { store: redis, edges: 3, regions: { us-east-1: { url: "${redis}" } } }
services:
  shop:
    limits: { ${limits} }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin}", capacity: 500 }]
`;
}
