import { describe, expect, test, vi } from 'vitest';
import { countCell, SERVICE_CELLS, type ServiceCount } from '../../src/table/service-cells.ts';
import type { Rig } from '../support/bare-rig.ts';
import { ask } from '../support/client.ts';
import { askH2, startH2Rig } from '../support/h2-rig.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

// Copies of requests, whoever moves the bytes: both engines, and HTTP/2 before either.

type Asked = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};
type Front = {
  readonly name: string;
  readonly start: (
    yaml: string,
  ) => Promise<{ rig: Rig; send: (asked: Asked) => Promise<{ status: number; body: string }> }>;
};

const byHttp1 = async (yaml: string) => {
  const rig = await startRig(yaml);
  return { rig, send: (asked: Asked) => ask(rig.port, asked) };
};
const byHttp2 = async (yaml: string) => {
  const rig = await startH2Rig(yaml);
  const session = rig.connect();
  return {
    rig,
    send: ({ method = 'GET', path = '/', headers = {}, body }: Asked) =>
      askH2(session, { ':method': method, ':path': path, ...headers }, body),
  };
};
const off = (yaml: string) => yaml.replace('id: test,', 'id: test, accelerator: off,');

const FRONTS: readonly Front[] = [
  { name: 'wire', start: byHttp1 },
  { name: 'general', start: (yaml) => byHttp1(off(yaml)) },
  { name: 'HTTP/2', start: byHttp2 },
  { name: 'HTTP/2 before the general engine', start: (yaml) => byHttp2(off(yaml)) },
];

const at = (port: number, more = '') => `{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}${more}" }`;

function yamlOf(live: Origin, shadow: Origin, mirror: string, service = ''): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", trust_proxies: [loopback] }
backends:
  shadow: { endpoints: [${at(shadow.port, '/copy')}], host: shadow.example.com }
services:
  shop:
    mirror: { to: shadow, share: 100%, ${mirror} }
    ${service}
    endpoints: [${at(live.port)}]
`;
}

const two = () => Promise.all([startOrigin('live'), startOrigin('shadow', (_, to) => to.writeHead(500).end('bad'))]);

function counted({ block, placement }: Rig, count: ServiceCount): number {
  return block.services[(placement.slots['shop'] as number) * SERVICE_CELLS + countCell(count)] as number;
}

const headersOf = ({ seen }: Origin, nth = 0) => {
  const raw = seen[nth]?.rawHeaders ?? [];
  return Object.fromEntries(raw.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), raw[i + 1]]] : [])));
};

describe.each(FRONTS)('$name', ({ start }) => {
  test('a request is sent to the mirror too, marked and without what says who asks, and only its own answer is heard', async () => {
    const [live, shadow] = await two();
    const { rig, send } = await start(yamlOf(live, shadow, ''));
    const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'k', accept: 'text/html' };
    expect(await send({ path: '/a?b=c', headers })).toMatchObject({ status: 200, body: 'live' });
    await vi.waitFor(() => expect(counted(rig, 'mirror-failed')).toBe(1));
    expect(shadow.seen[0]).toMatchObject({ method: 'GET', url: '/copy/a?b=c' });
    const copied = headersOf(shadow);
    expect(copied).toMatchObject({ 'x-meridian-mirror': '1', host: 'shadow.example.com', accept: 'text/html' });
    expect(Object.keys(copied).filter((name) => ['authorization', 'cookie', 'x-api-key'].includes(name))).toEqual([]);
    expect(headersOf(live)['x-meridian-mirror']).toBeUndefined();
    expect(headersOf(live)['authorization']).toBe('Bearer x');
    // What becomes of the copy is nobody's trouble.
    const row = rig.placement.rows[`shadow/aws/us-east-1/127.0.0.1:${shadow.port}/copy`] as number;
    expect([rig.table.live.inFlight[row], rig.table.live.breaker[row], rig.block.requestsError[row]]).toEqual([
      0, 0, 0,
    ]);
  });

  test('a body goes along where its method is named, and one that is too long does not', async () => {
    const [live, shadow] = await two();
    const { rig, send } = await start(yamlOf(live, shadow, 'methods: [POST], body: 1KiB'));
    const body = 'x'.repeat(1000);
    await send({ method: 'POST', body });
    await vi.waitFor(() => expect(shadow.seen).toHaveLength(1));
    expect(shadow.seen[0]?.body.toString()).toBe(body);
    await send({ method: 'POST', body: 'x'.repeat(1025) });
    await send({ method: 'GET' });
    await vi.waitFor(() => expect(counted(rig, 'mirror-no-body')).toBe(1));
    expect(live.seen).toHaveLength(3);
    expect(shadow.seen).toHaveLength(1);
  });

  test('a mirror that never answers, or is not there, keeps nobody waiting, and takes no more than its part', async () => {
    const [live, shadow] = await two();
    const { rig, send } = await start(yamlOf(live, shadow, 'concurrent: 2, timeout: 300ms'));
    shadow.hang = true;
    for (let i = 0; i < 4; i += 1) expect((await send({})).body).toBe('live');
    expect(counted(rig, 'mirror-busy')).toBe(2);
    await vi.waitFor(() => expect(counted(rig, 'mirror-failed')).toBe(2), 3000);
    await shadow.kill();
    expect((await send({})).body).toBe('live');
    await vi.waitFor(() => expect(counted(rig, 'mirror-failed')).toBe(3));
  });

  test('a copy is never mirrored again, and none goes where a fence does not let its request go', async () => {
    const [live, shadow] = await two();
    const fence = 'fence: { when: { cidrs: [192.0.2.0/24] }, only: { clouds: [aws] } }';
    const yaml = yamlOf(live, shadow, '', fence).replace(
      '[{ cloud: aws, region: us-east-1',
      '[{ cloud: gcp, region: us-east4',
    );
    const { rig, send } = await start(yaml);
    await send({ headers: { 'x-meridian-mirror': '1' } });
    expect(counted(rig, 'mirror-marked')).toBe(1);
    await send({ headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(counted(rig, 'mirror-nobody')).toBe(1);
    await send({ headers: { 'x-forwarded-for': '198.51.100.1' } });
    await vi.waitFor(() => expect(shadow.seen).toHaveLength(1));
  });
});

test('credentials are passed where that is said, and rules for messages hold for copies', async () => {
  const [live, shadow] = await two();
  const rules = 'path: { strip_prefix: /shop }\n    headers: { request: { set: { X-Region: "${endpoint.region}" } } }';
  const { send } = await byHttp1(yamlOf(live, shadow, 'credentials: pass', rules));
  await send({ path: '/shop/a', headers: { authorization: 'Bearer x' } });
  await vi.waitFor(() => expect(shadow.seen).toHaveLength(1));
  expect(shadow.seen[0]?.url).toBe('/copy/a');
  expect(headersOf(shadow)).toMatchObject({ authorization: 'Bearer x', 'x-region': 'us-east-1' });
});

test('to a service: its endpoints are chosen by its own rules', async () => {
  const [live, shadow] = await two();
  const standby = await startOrigin('standby');
  const { rig, send } = await byHttp1(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0" }
services:
  next: { match: { hosts: [next] }, endpoints: [${at(shadow.port)}, ${at(standby.port).replace(' }', ', tier: 2 }')}] }
  shop: { mirror: { to: next, share: 100% }, endpoints: [${at(live.port)}] }
`);
  for (let i = 0; i < 3; i += 1) await send({});
  await vi.waitFor(() => expect(shadow.seen).toHaveLength(3));
  rig.table.live.drained[rig.placement.rows[`next/aws/us-east-1/127.0.0.1:${shadow.port}`] as number] = 1;
  await send({});
  await vi.waitFor(() => expect(standby.seen).toHaveLength(1));
  expect(counted(rig, 'mirror-answered')).toBe(1);
});

test('a thread that is late sends no copies', async () => {
  const [live, shadow] = await two();
  const { rig, send } = await byHttp1(yamlOf(live, shadow, ''));
  rig.block.loopLateMs[0] = 50;
  await send({});
  expect([counted(rig, 'mirror-late'), shadow.seen.length]).toEqual([1, 0]);
});

test('a share of the requests, and no more', async () => {
  const [live, shadow] = await two();
  const { rig, send } = await byHttp1(yamlOf(live, shadow, '').replace('share: 100%', 'share: 0%'));
  for (let i = 0; i < 20; i += 1) await send({});
  expect([counted(rig, 'mirror-failed'), shadow.seen.length, live.seen.length]).toEqual([0, 0, 20]);
});
