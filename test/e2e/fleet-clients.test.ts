import { Agent, request } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type EdgeProcess, startEdge } from '../../bench/rig/edge.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { lacks } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';

/*
 * A limit for clients over three edges, each a process of its own with one redis-server between them, on both engines. One client asks all of them, which is
 * more than its limit; another asks one of them for less than that.
 */

const LIMIT = 100;
const SOON = { timeout: 30_000, interval: 100 };
const ENGINES = ['', 'accelerator: off, ', ''] as const;

async function edgesOf(redis: string, origin: number): Promise<readonly EdgeProcess[]> {
  const edges: EdgeProcess[] = [];
  onTestFinished(async () => {
    for (const edge of edges) await edge.end();
  });
  for (const [i, engine] of ENGINES.entries()) {
    const yaml = `version: 1
edge: { id: edge-${i}, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 2, ${engine}trust_proxies: [loopback] }
admin: { listen: "127.0.0.1:0" }
log: { level: warn, access: false }
fleet: { store: redis, edges: 3, report: 200ms, forget: 2s, regions: { us-east-1: { url: "${redis}" } } }
services:
  shop:
    limits: { per_client: { requests: ${LIMIT}/s, burst: 60 } }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin}", capacity: 500 }]
`;
    edges.push(await startEdge(yaml));
  }
  return edges;
}

/** Asks an edge for a client at a rate, until the test ends; counts what passed and what was refused. */
function asking(port: number, client: string, perSecond: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const counts = { passed: 0, refused: 0, other: 0 };
  let [sent, going] = [0, true];
  const startMs = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startMs) / 1000) * perSecond;
    // Where this process stood still, what it has missed does not come at once.
    for (sent = Math.max(sent, Math.floor(due) - 20); going && sent < due; sent += 1) {
      const call = request({ agent, host: '127.0.0.1', port, headers: { 'x-forwarded-for': client } }, (response) => {
        response.resume();
        const { statusCode } = response;
        counts[statusCode === 200 ? 'passed' : statusCode === 429 ? 'refused' : 'other'] += 1;
      });
      call.on('error', () => {
        if (going) counts.other += 1;
      });
      call.end();
    }
  }, 10);
  onTestFinished(() => {
    going = false;
    clearInterval(timer);
    agent.destroy();
  });
  return counts;
}

/** Of how many clients each edge tells, and of how many it has a part of the limit. */
async function limitedClients(edges: readonly EdgeProcess[]) {
  return Promise.all(
    edges.map(async ({ adminPort }) => {
      const { body } = await ask(adminPort, { path: '/metrics' });
      const of = (state: string) =>
        Number(
          new RegExp(`^meridian_fleet_limited_clients\\{service="shop",state="${state}"\\} (\\d+)$`, 'm').exec(
            body,
          )?.[1],
        );
      return { told: of('told'), shared: of('shared') };
    }),
  );
}

test.skipIf(lacks('redis-server'))(
  'a client of three edges has its limit over all of them, one of one edge has it there, and without the store each edge goes by itself',
  { timeout: 120_000 },
  async () => {
    const redis = await startRedis();
    const origin = await startOrigin('x');
    onTestFinished(() => origin.kill());
    const edges = await edgesOf(redis.url, origin.port);
    const everywhere = edges.map(({ port }) => asking(port, '198.51.100.1', 0.7 * LIMIT));
    const here = asking(edges[0]!.port, '198.51.100.2', 0.6 * LIMIT);
    const passed = () => everywhere.reduce((sum, { passed: one }) => sum + one, 0);
    const rate = async (ms: number) => {
      const [before, startMs] = [passed(), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ((passed() - before) * 1000) / (performance.now() - startMs);
    };
    await vi.waitFor(async () => {
      const [a, b, c] = await limitedClients(edges);
      expect([a, b, c]).toEqual([
        { told: 2, shared: 1 },
        { told: 1, shared: 1 },
        { told: 1, shared: 1 },
      ]);
    }, SOON);
    // What was left of bursts passes in the first moments. 210 a second are asked for.
    await vi.waitFor(async () => expect(await rate(4000)).toBeLessThanOrEqual(1.1 * LIMIT), SOON);
    expect(await rate(4000)).toBeGreaterThanOrEqual(0.6 * LIMIT);
    expect(everywhere.every(({ refused }) => refused > 0)).toBe(true);
    expect(here.refused).toBe(0);
    await redis.kill();
    await vi.waitFor(async () => {
      for (const { shared } of await limitedClients(edges)) expect(shared).toBe(0);
    }, SOON);
    await vi.waitFor(async () => expect(await rate(2000)).toBeGreaterThan(1.5 * LIMIT), SOON);
    expect(here.refused + here.other).toBe(0);
    expect(here.passed).toBeGreaterThan(LIMIT);
    for (const { other } of everywhere) expect(other).toBe(0);
  },
);
