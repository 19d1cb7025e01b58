import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { offer } from '../../bench/guards/open-load.ts';
import { LimitLearner } from '../../src/health/limit-learner.ts';
import { LOOK_MS } from '../../src/resilience/learned-limit.ts';
import { countCell } from '../../src/table/service-cells.ts';
import { startRig } from '../support/rig.ts';
import { steadyClock, steadySleep } from '../support/steady-time.ts';
import { topologyOf } from '../support/topology.ts';

const SLOTS = 8;
const TAKES_MS = 20;
const CAPACITY = 24;

/**
 * An origin that works on so many requests at a time, and lets the others wait. It, the edge and the load go by the steady clock: what a request takes is what it waits
 * for, and not how long the machine did something else.
 */
async function startSlots(): Promise<number> {
  const waiting: ServerResponse[] = [];
  let busy = 0;
  const work = async (response: ServerResponse): Promise<void> => {
    busy += 1;
    await steadySleep(TAKES_MS);
    busy -= 1;
    response.end('ok');
    const next = waiting.shift();
    if (next !== undefined) void work(next);
  };
  const server = createServer((_, response) => void (busy < SLOTS ? work(response) : waiting.push(response)));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('an origin that is asked for twice what it can: the limit finds it, and it is kept busy', {
  timeout: 300_000,
}, async () => {
  const yaml = `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  shop:
    routing: { in_flight_max: learned }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${await startSlots()}", capacity: ${CAPACITY} }]
`;
  const rig = await startRig(yaml, { clock: steadyClock });
  const { live } = rig.table;
  const learner = new LimitLearner(live, [rig.block]);
  const { services } = topologyOf(yaml);
  const rows = { [services[0]!.endpoints[0]!.id]: 0 };
  learner.look(services, rows);
  expect(live.inFlightMax[0]).toBe(CAPACITY);
  const done = new AbortController();
  onTestFinished(() => done.abort());
  const look = async (): Promise<void> => {
    await steadySleep(LOOK_MS);
    if (done.signal.aborted) return;
    learner.look(services, rows);
    await look();
  };
  void look();
  const perSecond = (2 * SLOTS * 1000) / TAKES_MS;
  const time = { nowMs: steadyClock.nowMs, sleep: steadySleep };
  const seen = await offer({ port: rig.port, perSecond, forMs: 12_000, time });
  expect(live.inFlightMax[0]).toBeGreaterThanOrEqual(SLOTS * 0.7);
  expect(live.inFlightMax[0]).toBeLessThanOrEqual(SLOTS * 2);
  const late = seen.filter(({ atMs }) => atMs >= 9000);
  const good = late.filter(({ status }) => status === 200);
  // What the origin can in this time, as its beats have it.
  expect(good.length).toBeGreaterThan(0.6 * 3 * ((SLOTS * 1000) / TAKES_MS));
  expect(new Set(late.map(({ status }) => status))).toEqual(new Set([200, 503]));
  // Those that are turned away are so at once, those that are served do not wait long.
  const worst = (status: number) => {
    const took = late.filter((one) => one.status === status).map(({ tookMs }) => tookMs);
    return took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] as number;
  };
  expect(worst(200)).toBeLessThan(4 * TAKES_MS);
  expect(worst(503)).toBeLessThan(TAKES_MS);
  expect(rig.block.services[countCell('braked')]).toBeGreaterThan(0);
});
