import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { probers } from '../../src/health/probe.ts';
import { systemClock, systemSleep } from '../../src/table/system-clock.ts';
import { limitDescriptors } from '../support/descriptors.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

describe.each([
  ['requests on the wire engine', 20, GET, (yaml: string) => yaml],
  ['requests on the general engine', 20, GET, withoutWire],
  // Each of them ends its connection, which gives descriptors back.
  ['an upgrade', 1, UPGRADE, withoutWire],
] as const)('%s', (_, count, request, engine) => {
  test('that this edge has no descriptors for is a 503, and no endpoint is blamed', async () => {
    const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name)));
    const [aws, gcp, azure] = origins.map(({ port }) => port) as [number, number, number];
    const rig = await startRig(engine(threeCloudsYaml([aws, gcp, azure])));
    const clients = await connected(rig.port, count);
    const descriptors = await limitDescriptors();
    descriptors.exhaust();
    const answers: string[] = [];
    for (const client of clients) answers.push(await answer(client, request));
    rig.edge.flush();
    descriptors.giveBack();
    for (const text of answers) expect(text).toMatch(/^HTTP\/1\.1 503 [\s\S]*error=proxy_internal_error/);
    const outcomes = rig.records.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
    expect(new Set(outcomes)).toEqual(new Set(['no-resources']));
    expect(rig.events.filter(({ type }) => type === 'breaker-moved')).toEqual([]);
    expect(rig.events.filter(({ type }) => type === 'resources-short')).toEqual([
      { type: 'resources-short', code: 'EMFILE', count: outcomes.length },
    ]);
    // What it needs is there again, and so is the service.
    const [client] = await connected(rig.port, 1);
    expect(await answer(client as Socket, GET)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

test('a health check that cannot be made says so, and says nothing about the endpoint', async () => {
  const { port } = await startOrigin('well');
  const open = probers({ clock: systemClock(0), sleep: systemSleep });
  const prober = open({
    url: { protocol: 'http', host: '127.0.0.1', port, basePath: '' },
    path: '/healthz',
    host: undefined,
    protocol: 'h1',
    grpc: undefined,
    timeoutMs: 2000,
    connectMs: 1000,
    keepAliveMs: 1000,
    expect: [[200, 399]],
    ca: undefined,
    shown: undefined,
    serverName: undefined,
    verifyName: undefined,
    insecure: false,
  });
  const descriptors = await limitDescriptors();
  descriptors.exhaust();
  const short = await prober.check([]);
  descriptors.giveBack();
  expect(short.shortage).toBe('EMFILE');
  const good = await prober.check([]);
  expect(good).toMatchObject({ reachable: true });
  expect(good.shortage).toBeUndefined();
  prober.close();
});

async function connected(port: number, count: number): Promise<Socket[]> {
  const clients = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  await Promise.all(clients.map((client) => once(client, 'connect')));
  // The edge has taken them all once it has answered the last one.
  for (const client of clients) {
    client.write('GET /none HTTP/1.1\r\nHost: a\r\nVia: 1.1 meridian-test\r\n\r\n');
    await once(client, 'data');
  }
  return clients;
}

async function answer(client: Socket, request: string): Promise<string> {
  client.write(request);
  const [bytes] = (await once(client, 'data')) as [Buffer];
  return bytes.toString('latin1');
}
