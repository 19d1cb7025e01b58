import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Event } from '../../src/table/event.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { threeCloudsYaml } from '../support/rig.ts';
import { running } from '../support/running.ts';

const eventsOf = (all: readonly Event[], type: Event['type']) => all.filter((event) => event.type === type);

async function started(workers: number, drain = '10s') {
  const held: (() => void)[] = [];
  const origin = await startOrigin('x', (request, response) => {
    if (request.url !== '/held') response.end('x');
    else held.push(() => response.end('held, and whole'));
  });
  const yaml = threeCloudsYaml(
    [origin.port, origin.port, origin.port],
    '',
    'admin: { listen: "127.0.0.1:0" }\nlog: { level: silent }',
  );
  const edge = await running(yaml.replace('id: test,', `id: test, workers: ${workers}, drain: ${drain},`));
  return { edge, held, release: () => held.splice(0).forEach((answer) => answer()) };
}

test('an uncaught error: what is in flight is finished, another serves, and it is counted', async () => {
  const { edge, held, release } = await started(1);
  const slow = ask(edge.edge.port, { path: '/held' });
  await vi.waitFor(() => expect(held).toHaveLength(1));
  edge.threads.harm(0, { type: 'crash' });
  await vi.waitFor(() => expect(eventsOf(edge.events, 'worker-started')).toHaveLength(2), 10_000);
  expect(eventsOf(edge.events, 'worker-failed')).toMatchObject([
    { error: expect.stringMatching(/asked for\n +at /) as string },
  ]);
  // The kernel resets what waits to be accepted when a thread stops listening: such a client asks once more.
  const askTwice = () => ask(edge.edge.port).catch(() => ask(edge.edge.port));
  for (let i = 0; i < 5; i += 1) expect((await askTwice()).status).toBe(200);
  release();
  expect((await slow).body).toBe('held, and whole');
  const { body } = await ask(edge.admin.port, { path: '/metrics' });
  expect(body).toMatch(/^meridian_bugs_total\{where="uncaught"\} 1$/m);
  expect(body).toMatch(/^meridian_worker_restarts_total 1$/m);
  await vi.waitFor(() => expect([...edge.control.table.live.inFlight].reduce((sum, count) => sum + count, 0)).toBe(0));
});

test('a thread that fails again and again goes on serving until another listens', async () => {
  const { edge } = await started(1);
  let asking = true;
  const statuses: number[] = [];
  const load = (async () => {
    while (asking)
      statuses.push(
        await ask(edge.edge.port).then(
          ({ status }) => status,
          () => 0,
        ),
      );
  })();
  for (let i = 0; i < 3; i += 1) {
    const before = eventsOf(edge.events, 'worker-started').length;
    edge.threads.harm(0, { type: 'crash' });
    edge.threads.harm(0, { type: 'crash' });
    await vi.waitFor(() => expect(eventsOf(edge.events, 'worker-started').length).toBeGreaterThan(before), 15_000);
  }
  asking = false;
  await load;
  expect(statuses.length).toBeGreaterThan(10);
  // The kernel resets what waits to be accepted when a thread stops listening: at most one of a client that asks one by one.
  expect(statuses.filter((status) => status !== 200).length).toBeLessThanOrEqual(3);
});

test('what a failed thread does not finish within the drain time is cut', async () => {
  const { edge, held } = await started(1, '300ms');
  const never = ask(edge.edge.port, { path: '/held' });
  never.catch(() => {});
  await vi.waitFor(() => expect(held).toHaveLength(1));
  edge.threads.harm(0, { type: 'crash' });
  await expect(never).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await ask(edge.edge.port)).status).toBe(200);
});

test('a replacement that cannot listen ends, /readyz says so, and it is tried again until it can', async () => {
  const { edge } = await started(1);
  const { port } = edge.edge;
  const readyz = () => ask(edge.admin.port, { path: '/readyz' });
  expect((await readyz()).status).toBe(200);
  await edge.threads.kill(0);
  const squatter = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  onTestFinished(() => void squatter.close());
  await once(squatter, 'listening');
  await vi.waitFor(
    async () => expect((await readyz()).body).toMatch(/0 of 1 edge threads listen; .*EADDRINUSE/),
    10_000,
  );
  expect((await readyz()).status).toBe(503);
  const deaths = () => eventsOf(edge.events, 'worker-died').length;
  await vi.waitFor(() => expect(deaths()).toBeGreaterThanOrEqual(3), 15_000);
  squatter.close();
  await vi.waitFor(async () => expect((await readyz()).status).toBe(200), 15_000);
  expect((await ask(port)).status).toBe(200);
});

test('a thread that stands still is found out, and so is its coming to', async () => {
  const { edge } = await started(2);
  expect(await edge.threads.answering(5000)).toBe(true);
  edge.threads.harm(1, { type: 'hang', ms: 1500 });
  expect(await edge.threads.answering(200)).toBe(false);
  expect(await edge.threads.answering(10_000)).toBe(true);
});
