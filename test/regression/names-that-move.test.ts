import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

const yaml = (engine: string, age = '5m'): string => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
timeouts: { connection_age: ${age} }
services:
  shop:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://shop.test:80" }]
`;
const ID = 'shop/aws/us-east-1/shop.test:80';
const book = (...ports: number[]) => ({ [ID]: ports.map((port) => ({ host: '127.0.0.1', port })) });

/** Far more than any of these waits takes; a machine may be so fast that a number of requests would be over too soon. */
const TRAFFIC_MS_MAX = 20_000;

/** Requests that never stop, so that no connection is ever idle for long. */
async function underTraffic(port: number, seen: Set<string>, until: () => boolean): Promise<void> {
  const endMs = performance.now() + TRAFFIC_MS_MAX;
  const one = async (): Promise<void> => {
    while (!until() && performance.now() < endMs) seen.add((await ask(port)).body);
  };
  await Promise.all([one(), one()]);
}

describe.each(['on', 'off'])('accelerator %s', (engine) => {
  test('a connection to an address that is no longer among the answers takes no more requests', async () => {
    const [old, next] = [await startOrigin('old'), await startOrigin('next')];
    const rig = await startRig(yaml(engine), { addresses: book(old.port) });
    const before = new Set<string>();
    await underTraffic(rig.port, before, () => rig.records.length >= 20);
    expect(before).toEqual(new Set(['old']));
    rig.edge.setAddresses(book(next.port));
    const after = new Set<string>();
    await underTraffic(rig.port, after, () => rig.records.length >= 40);
    expect(after).toEqual(new Set(['next']));
  });

  test('what is under way there is finished first, and a reload drains alike', async () => {
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<() => void>();
    const old = await startOrigin('old', (request, response) => {
      if (request.url === '/slow') tellAsked(() => response.end('old, in the end'));
      else response.end('old');
    });
    const next = await startOrigin('next');
    const rig = await startRig(yaml(engine), { addresses: book(old.port) });
    const slow = ask(rig.port, { path: '/slow' });
    const finish = await asked;
    const { topology, placement } = rig;
    rig.edge.deploy({
      topology,
      placement,
      addresses: book(next.port),
      authorities: {},
      clientPairs: {},
      listenerPem: {},
      ticketKeys: undefined,
    });
    expect((await ask(rig.port)).body).toBe('next');
    finish();
    expect((await slow).body).toBe('old, in the end');
    for (let i = 0; i < 5; i += 1) expect((await ask(rig.port)).body).toBe('next');
  });

  test('addresses that stay keep their connections', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end('ok')).on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const rig = await startRig(yaml(engine), { addresses: book(port) });
    for (let i = 0; i < 5; i += 1) {
      expect((await ask(rig.port)).body).toBe('ok');
      rig.edge.setAddresses(book(port, 1000 + i));
      rig.edge.setAddresses(book(port));
    }
    expect(connections).toBe(1);
  });

  test('a connection that is too old takes no more requests, however busy it is', async () => {
    const connections = new Set<unknown>();
    const origin = await startOrigin('ok', (request, response) => {
      connections.add(request.socket);
      response.end('ok');
    });
    const rig = await startRig(yaml(engine, '1s'), { addresses: book(origin.port) });
    const seen = new Set<string>();
    await underTraffic(rig.port, seen, () => connections.size > 4);
    expect(connections.size).toBeGreaterThan(4);
    expect(seen).toEqual(new Set(['ok']));
  });
});
