import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';

const SERVING = /serving \S+:(\d+) .*admin on \S+:(\d+),/;

function yamlOf(ports: readonly number[], cache: string): string {
  const places = ['aws, region: us-east-1', 'gcp, region: europe-west1', 'azure, region: japaneast'];
  const endpoints = ports.map((port, i) => `      - { cloud: ${places[i]}, url: "http://127.0.0.1:${port}" }`);
  return `version: 1
edge: { region: aws/us-east-1, listen: "127.0.0.1:0", workers: 2 }
admin: { listen: "127.0.0.1:0" }
log: { access: false }
services:
  shop:
    degraded: { wait: 0s, cache: ${cache} }
    endpoints:
${endpoints.join('\n')}
`;
}

async function started(file: string) {
  const running = run(['start', '-c', file]);
  const [, port, adminPort] = await running.printed(SERVING);
  return { ...running, port: Number(port), adminPort: Number(adminPort) };
}

test('killed and started again while every origin is dead, it goes on answering from its file', async () => {
  const origins = await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      startOrigin(name, (_, response) => response.setHeader('Cache-Control', 'max-age=1').end('page')),
    ),
  );
  const folder = temporaryFolder();
  const cache = `{ store: sqlite, path: "${join(folder.path, 'copies.sqlite')}" }`;
  const file = folder.write(
    'meridian.yaml',
    yamlOf(
      origins.map(({ port }) => port),
      cache,
    ),
  );
  const headers = { host: 'shop.example' };
  const before = await started(file);
  expect(await ask(before.port, { headers })).toMatchObject({ status: 200, body: 'page' });
  await Promise.all(origins.map((origin) => origin.kill()));
  before.child.kill('SIGKILL');
  await before.exit;

  const after = await started(file);
  await vi.waitFor(async () => {
    const reply = await ask(after.port, { headers });
    expect([reply.status, reply.body, reply.headers['service-quality']]).toEqual([200, 'page', 'minimal']);
  }, 5000);
  const replies = await Promise.all(Array.from({ length: 40 }, () => ask(after.port, { headers })));
  expect(replies.every((reply) => reply.status === 200)).toBe(true);
  expect((await ask(after.port, { headers, path: '/never' })).status).toBe(503);
  await vi.waitFor(async () => {
    const { body } = await ask(after.adminPort, { path: '/metrics' });
    const minimal = /meridian_degraded_answers_total\{service="shop",quality="minimal",source="stale"\} (\d+)/.exec(
      body,
    );
    expect(Number(minimal?.[1])).toBeGreaterThanOrEqual(41);
  }, 5000);
});

test.each(['memory', 'sqlite'])('a purge on the admin port reaches every thread (%s)', async (store) => {
  const origin = await startOrigin('a', (_, response) => response.setHeader('Cache-Control', 'max-age=60').end('page'));
  const folder = temporaryFolder();
  const path = store === 'sqlite' ? `, path: "${join(folder.path, 'copies.sqlite')}"` : '';
  const { port, adminPort } = await started(
    folder.write('meridian.yaml', yamlOf([origin.port], `{ store: ${store}${path} }`)),
  );
  const headers = { host: 'shop.example' };
  // Enough connections that both threads have had some.
  const many = async () =>
    (await Promise.all(Array.from({ length: 40 }, () => ask(port, { headers, path: '/a' })))).map(
      ({ status }) => status,
    );
  expect(new Set(await many())).toEqual(new Set([200]));
  await origin.kill();
  expect(await many()).toContain(200);
  const purge = (order: object) =>
    ask(adminPort, { method: 'POST', path: '/cache/purge', body: JSON.stringify(order) });
  const done = await purge({ service: 'shop', url: 'http://SHOP.example:80/a' });
  expect([done.status, JSON.parse(done.body)]).toEqual([
    200,
    { ok: true, service: 'shop', url: 'http://shop.example/a', threads: 2 },
  ]);
  expect(new Set(await many())).toEqual(new Set([503]));
  expect((await purge({ service: 'nobody', all: true })).status).toBe(404);
});
