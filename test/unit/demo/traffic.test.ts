import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { DEMO_CLIENTS } from '../../../src/demo/clients.ts';
import { Traffic } from '../../../src/demo/traffic.ts';
import { systemRandom } from '../../../src/table/system-clock.ts';
import { steadyClock } from '../../support/steady-time.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function start(rate: number, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const failures: string[] = [];
  const traffic = new Traffic({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    rate,
    // What was held up is not made up for at once, over as many connections.
    clock: steadyClock,
    random: systemRandom,
    onFailure: (reason) => failures.push(reason),
  });
  return { server, traffic, failures };
}

const sent = (traffic: Traffic, count: number) =>
  vi.waitUntil(() => traffic.tally.counts().sent >= count, { timeout: 60_000 });

test('clients of several countries ask over few connections, and everything is counted', async () => {
  const seen = new Set<string | undefined>();
  const { server, traffic, failures } = await start(200, ({ headers }, response) => {
    seen.add(String(headers['x-forwarded-for']));
    response.end('{}');
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  traffic.start();
  await sent(traffic, 100);
  await traffic.stop(5000);
  const counts = traffic.tally.counts();
  expect(counts).toMatchObject({ failed: 0, inFlight: 0, heldBack: 0, succeeded: counts.sent });
  expect(failures).toEqual([]);
  expect(connections).toBeLessThan(counts.sent / 2);
  expect(seen.size).toBeGreaterThan(4);
  expect([...seen].every((address) => DEMO_CLIENTS.some((client) => client.address === address))).toBe(true);
  expect(traffic.tally.overall().p50Ms).toBeGreaterThan(0);
});

test('the rate is kept, whether requests are answered or not', async () => {
  const { traffic } = await start(100, () => {});
  const fromMs = performance.now();
  traffic.start();
  await sent(traffic, 50);
  const tookMs = performance.now() - fromMs;
  expect(tookMs).toBeGreaterThan(250);
  const { succeeded, inFlight } = traffic.tally.counts();
  expect([succeeded, inFlight >= 50]).toEqual([0, true]);
  await traffic.stop(10);
  // What the demo gives up itself is no failure of the edge.
  expect(traffic.tally.counts()).toMatchObject({ sent: 0, failed: 0 });
});

test.each<[string, RequestListener, string]>([
  ['an error status', (_, response) => response.writeHead(503).end(), 'status 503'],
  ['a redirect', (_, response) => response.writeHead(302).end(), 'status 302'],
  [
    'a body that breaks off',
    (_, response) => void response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy()),
    'the answer broke off',
  ],
  ['a reset', ({ socket }) => void socket.resetAndDestroy(), 'ECONNRESET'],
])('%s is a failure', async (_, listener, reason) => {
  const { traffic, failures } = await start(100, listener);
  traffic.start();
  await sent(traffic, 10);
  await traffic.stop(5000);
  const { sent: all, failed } = traffic.tally.counts();
  expect(failed).toBe(all);
  expect(new Set(failures)).toEqual(new Set([reason]));
});
