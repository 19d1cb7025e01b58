import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startBlackHole } from '../support/black-hole.ts';
import { ask, exchangeBytes } from '../support/client.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';
import { openH1, startWebSocketOrigin } from '../support/web-sockets.ts';

/** One endpoint with a name, which leads to several addresses, of which some are black holes or refuse. */
const yaml = (engine: string, timeouts = 'connect: 1s'): string => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
timeouts: { ${timeouts} }
services:
  shop:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://shop.test:80" }]
`;
const ID = 'shop/aws/us-east-1/shop.test:80';
const at = (...ports: number[]) => ({ addresses: { [ID]: ports.map((port) => ({ host: '127.0.0.1', port })) } });
const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

describe.each(['on', 'off'])('accelerator %s', (engine) => {
  test('every POST reaches the address that lives, and the dead one is remembered', async () => {
    const origin = await startOrigin('living');
    const hole = await startBlackHole();
    const rig = await startRig(yaml(engine), at(hole, origin.port));
    const slow: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const startMs = performance.now();
      const reply = await ask(rig.port, { method: 'POST', body: 'pay', headers: { connection: 'close' } });
      expect(reply.status).toBe(200);
      if (performance.now() - startMs > 200) slow.push(i);
      // Each of them needs a connection of its own.
      rig.edge.setAddresses(at(hole, origin.port + 1).addresses);
      rig.edge.setAddresses(at(hole, origin.port).addresses);
    }
    // Half of them would be, were it not remembered.
    expect(slow.length).toBeLessThanOrEqual(2);
    expect(rig.records.map(({ attempts }) => attempts.map(({ outcome }) => outcome).join())).toEqual(
      Array(6).fill('success'),
    );
  });

  test('when none of them lives, the limit holds for all of them together', async () => {
    const holes = [await startBlackHole(), await startBlackHole()];
    const rig = await startRig(yaml(engine, 'connect: 300ms'), at(...holes));
    const startMs = performance.now();
    expect((await ask(rig.port)).status).toBe(504);
    expect(performance.now() - startMs).toBeLessThan(1500);
    expect(rig.records[0]?.attempts[0]?.outcome).toBe('connect-timeout');
  });
});

test('an upgrade goes through the addresses as any request does', async () => {
  const origin = await startRawOrigin((socket) => socket.on('data', () => void socket.write(SWITCH)));
  for (const first of [await startBlackHole(), 1]) {
    const rig = await startRig(yaml('on'), at(first, origin.port));
    for (let i = 0; i < 2; i += 1) expect(await firstLine(rig.port)).toBe('HTTP/1.1 101 Switching Protocols');
    expect(rig.records.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  }
  await origin.close();
});

test('and so does a WebSocket to an endpoint of HTTP/2', async () => {
  const origin = await startWebSocketOrigin({ speaks: 'h2c' });
  for (const first of [await startBlackHole(), 1]) {
    const rig = await startRig(yaml('on').replace(':80"', ':80", protocol: h2c'), at(first, origin.port));
    const socket = await openH1(rig.port);
    expect(socket.readyState).toBe(socket.OPEN);
    expect(rig.records.map(({ attempts }) => attempts.length)).toEqual([1]);
  }
});

test('an upgrade that nobody takes a connection for is over at the limit for connecting', async () => {
  const rig = await startRig(yaml('on', 'connect: 200ms, first_byte: 60s'), at(await startBlackHole()));
  expect(await exchangeBytes(rig.port, UPGRADE)).toMatch(/^HTTP\/1\.1 504 [\s\S]*error=connection_timeout/);
});

function firstLine(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1', () => socket.write(UPGRADE));
  socket.once('data', (bytes) => {
    resolve(bytes.toString('latin1').split('\r\n')[0] as string);
    socket.destroy();
  });
  return promise;
}
