import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { running } from '../support/running.ts';
import { topologyOf } from '../support/topology.ts';

// A whole Meridian whose services share endpoints: what is known of them is known once.

const TOP = `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s, lame_duck: 0s, trust_proxies: [loopback] }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
`;

const at = (port: number, more = '') => `{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}"${more} }`;

async function get(port: number, path: string): Promise<string> {
  return (await ask(port, { path })).body;
}

type Status = {
  readonly endpoints: readonly {
    readonly id: string;
    readonly service: string;
    readonly services?: readonly string[];
    readonly requests: number;
    readonly breaker: string;
    readonly drained: boolean;
  }[];
  readonly clouds: readonly { readonly service: string }[];
};

test('two services share one row: checked once, one breaker, one drain, one count; requests are each one’s own', async () => {
  let checks = 0;
  let failing = false;
  const origin = await startOrigin('x', (asked, to) => {
    if (asked.url === '/ready') {
      checks += 1;
      return to.end('ok');
    }
    to.statusCode = failing && asked.url?.startsWith('/a') ? 503 : 200;
    return to.end('x');
  });
  const { edge, admin } = await running(`${TOP}retries: { attempts: 1, retry_after_max: 0s }
backends:
  eu:
    endpoints: [${at(origin.port)}]
    health: { path: /ready, interval: 10m }
    breakers: { failures: 3 }
services:
  a: { match: { prefix: /a }, backend: eu }
  b: { match: { prefix: /b }, backend: eu }
`);
  const status = async () => JSON.parse(await get(admin.port, '/status')) as Status;
  await vi.waitFor(() => expect(checks).toBeGreaterThan(0));
  for (const path of ['/a', '/a', '/b']) expect(await get(edge.port, path)).toBe('x');
  expect(checks).toBe(1);
  const id = `eu/aws/us-east-1/127.0.0.1:${origin.port}`;
  // A client has its answer before it is counted.
  const shown = { id, service: 'eu', services: ['a', 'b'], requests: 3, state: 'healthy' };
  await vi.waitFor(async () => expect((await status()).endpoints).toMatchObject([shown]));
  expect([...new Set((await status()).clouds.map(({ service }) => service))]).toEqual(['eu']);
  const metrics = await get(admin.port, '/metrics');
  expect(metrics).toContain('requests_total{region="us-east-1",cloud="aws",status="success"} 3');
  expect(metrics).toContain('meridian_slo_requests_total{service="a",result="good"} 2');
  expect(metrics).toContain('meridian_slo_requests_total{service="b",result="good"} 1');
  expect(metrics.match(/^meridian_endpoint_state\{.*state="healthy".*\} .*$/gm)).toEqual([
    expect.stringMatching(/service="eu".* 1$/),
  ]);
  // What one of them suffers, the other need not find out.
  failing = true;
  for (let i = 0; i < 3; i += 1) await get(edge.port, '/a');
  await vi.waitFor(async () => expect((await status()).endpoints[0]?.breaker).toBe('open'));
  failing = false;
  const order = (path: string, body: object) =>
    ask(admin.port, {
      method: 'POST',
      path,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const refused = await order('/drain', {
    service: 'a',
    cloud: 'aws',
    force: true,
    for: '1m',
    actor: 'me',
    reason: 'test',
  });
  expect(refused.status).toBe(404);
  expect(refused.body).toContain('its endpoints are those of the backend eu, which a, b send to; name that');
  expect(
    (await order('/drain', { service: 'eu', cloud: 'aws', force: true, for: '1m', actor: 'me', reason: 'test' }))
      .status,
  ).toBe(200);
  expect((await ask(edge.port, { path: '/b' })).status).toBe(503);
});

test('a service that is moved onto a backend takes what is known of its endpoint with it, and breaks nothing', async () => {
  let checks = 0;
  let release: () => void = () => {};
  const origin = await startOrigin('x', (asked, to) => {
    if (asked.url === '/ready') checks += 1;
    if (asked.url === '/slow') release = () => to.end('late');
    else to.end('x');
  });
  const health = 'health: { path: /ready, interval: 10m }';
  const { edge, admin, write, events } = await running(`${TOP}${health}
services:
  a: { match: { prefix: / }, endpoints: [${at(origin.port)}] }
`);
  await vi.waitFor(() => expect(checks).toBe(1));
  const late = get(edge.port, '/slow');
  await vi.waitFor(() => expect(origin.seen.some(({ url }) => url === '/slow')).toBe(true));
  write(`${TOP}${health}
backends:
  eu: { endpoints: [${at(origin.port)}] }
services:
  a: { match: { prefix: / }, backend: eu }
  b: { match: { prefix: /b }, backend: eu }
`);
  await vi.waitFor(() => expect(events.some(({ type }) => type === 'reloaded')).toBe(true), 10_000);
  const status = async () =>
    JSON.parse(await get(admin.port, '/status')) as { endpoints: { state: string; inFlight: number; id: string }[] };
  expect((await status()).endpoints).toMatchObject([
    { id: `eu/aws/us-east-1/127.0.0.1:${origin.port}`, state: 'healthy', inFlight: 1 },
  ]);
  release();
  expect(await late).toBe('late');
  await vi.waitFor(async () => expect((await status()).endpoints[0]?.inFlight).toBe(0));
  expect(await get(edge.port, '/b')).toBe('x');
});

test('a split shares requests out among backends, and a second tier takes what the first cannot', async () => {
  const [stable, canary, standby] = await Promise.all(['stable', 'canary', 'standby'].map((name) => startOrigin(name)));
  if (stable === undefined || canary === undefined || standby === undefined) throw new Error('three were started');
  const { edge } = await running(`${TOP}
backends:
  stable: { endpoints: [${at(stable.port)}] }
  canary: { endpoints: [${at(canary.port)}] }
  standby: { endpoints: [${at(standby.port)}] }
services:
  shop: { match: { prefix: /shop }, backend: [stable, canary], split: { stable: 50, canary: 50 } }
  blog: { match: { prefix: /blog }, backend: [stable, { name: standby, tier: 2 }] }
`);
  await vi.waitFor(() => expect(standby.seen).toHaveLength(0));
  const shop: string[] = [];
  const blog: string[] = [];
  for (let i = 0; i < 60; i += 1) {
    shop.push(await get(edge.port, '/shop'));
    blog.push(await get(edge.port, '/blog'));
  }
  // Of 60 draws of a half, fewer than 10 of either come once in ten million times.
  for (const name of ['stable', 'canary']) expect(shop.filter((one) => one === name).length).toBeGreaterThan(10);
  expect(new Set(blog)).toEqual(new Set(['stable']));
  await stable.kill();
  expect(await get(edge.port, '/blog')).toBe('standby');
  expect(await get(edge.port, '/shop')).toBe('canary');
});

test('the file of docs/routing.md is good, and its endpoints are there once', () => {
  const page = readFileSync(new URL('../../docs/routing.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /^```yaml\n(version: 1\n[^]*?backends:[^]*?)^```/m.exec(page) ?? [];
  const { backends = [], services } = topologyOf(yaml);
  expect(backends.map(({ endpoints }) => endpoints.length)).toEqual([2, 1]);
  expect(services.map(({ endpoints }) => endpoints.map(({ set }) => set))).toEqual([
    ['stable', 'stable', 'canary'],
    [undefined, undefined],
  ]);
});
