import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { TOTALS } from '../../src/table/worker-block.ts';
import { ask, exchangeBytes } from '../support/client.ts';
import { startOrigin, startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml } from '../support/rig.ts';

const HANDSHAKE =
  'GET /chat?x=%20 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Forwarded-For: 3.80.0.1\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\nX-Mine: 1\r\n';

/** An origin that echoes WebSocket messages, with its name in front. */
async function echoOrigin(name: string): Promise<{ port: number; server: Server; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((_, response) => response.end(name));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const { 'x-mine': mine, 'sec-websocket-protocol': protocol = '' } = request.headers;
    seen.push(`${request.url} ${String(mine)} ${protocol}`);
    socket.on('message', (data: Buffer) => socket.send(`${name}: ${data.toString()}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, seen };
}

function opened(port: number, path = '/'): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, 'chat', { headers: { 'x-mine': '1' } });
  socket.once('open', () => resolve(socket));
  socket.once('error', reject);
  onTestFinished(() => socket.terminate());
  return promise;
}

function nextMessage(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
}

test('a WebSocket is joined through, and counts in flight for as long as it is open', async () => {
  const origin = await echoOrigin('aws');
  const rig = await startRig(threeCloudsYaml([origin.port, origin.port, origin.port]));
  const socket = await opened(rig.port, '/chat?x=%20');
  socket.send('hello');
  expect(await nextMessage(socket)).toBe('aws: hello');
  expect(origin.seen).toEqual(['/chat?x=%20 1 chat']);
  const inFlight = () => [...rig.table.live.inFlight].reduce((sum, count) => sum + count, 0);
  expect(inFlight()).toBe(1);
  expect(rig.block.openStreams[0]).toBe(1);
  expect(rig.records).toMatchObject([{ status: 101 }]);
  socket.close();
  await vi.waitFor(() => expect(inFlight()).toBe(0));
  expect(rig.block.openStreams[0]).toBe(0);
});

test('a large message goes both ways whole', async () => {
  const origin = await echoOrigin('x');
  const rig = await startRig(threeCloudsYaml([origin.port, origin.port, origin.port]));
  const socket = await opened(rig.port);
  const text = 'm'.repeat(5_000_000);
  socket.send(text);
  expect(await nextMessage(socket)).toBe(`x: ${text}`);
});

test('a dead endpoint is failed over from before the client gets anything', async () => {
  const [dead, live] = await Promise.all([startOrigin('dead'), echoOrigin('gcp')]);
  await dead.kill();
  const rig = await startRig(threeCloudsYaml([dead.port, live.port, live.port]));
  const socket = await opened(rig.port);
  socket.send('hello');
  expect(await nextMessage(socket)).toBe('gcp: hello');
  expect(rig.records[0]?.attempts.length).toBeGreaterThanOrEqual(1);
});

test('an origin that refuses is believed: its answer is passed on, not a 101', async () => {
  const origin = await startOrigin('no', (_, response) => response.writeHead(403, { 'x-why': 'not you' }).end('no'));
  const rig = await startRig(threeCloudsYaml([origin.port, origin.port, origin.port]));
  const text = await exchangeBytes(rig.port, `${HANDSHAKE}\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(text).toMatch(/x-why: not you\r\n/);
  expect(text).toMatch(/\r\n\r\n2\r\nno\r\n0\r\n\r\n$/);
  expect(rig.records).toMatchObject([{ status: 403 }]);
});

test('nobody there: 502 with Proxy-Status', async () => {
  const dead = await startOrigin('dead');
  await dead.kill();
  const rig = await startRig(threeCloudsYaml([dead.port, dead.port, dead.port]));
  const text = await exchangeBytes(rig.port, `${HANDSHAKE}\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 502 /);
  expect(text).toMatch(/Proxy-Status: meridian-test; error=connection_refused/);
});

test('bytes that come with the handshake, on either side, are not lost', async () => {
  const raw = await startRawOrigin((socket) => {
    let got = '';
    socket.on('data', (bytes) => {
      const before = got.length;
      got += bytes.toString('latin1');
      if (before === 0) {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: custom\r\n\r\nearly from origin;',
        );
      }
      if (got.includes('early from client')) socket.end('got it');
    });
  });
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  const text = await exchangeBytes(
    rig.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: custom\r\n\r\nearly from client',
  );
  expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(text).toMatch(/Upgrade: custom\r\n/);
  expect(text).toMatch(/early from origin;got it$/);
});

test('an upgrade to h2c is answered as if it had not been asked for', async () => {
  const origin = await startOrigin('plain');
  const rig = await startRig(threeCloudsYaml([origin.port, origin.port, origin.port]));
  const text = await exchangeBytes(
    rig.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    /plain/,
  );
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(origin.seen[0]?.rawHeaders.join()).not.toMatch(/h2c|HTTP2-Settings/i);
});

test('a client that leaves during the handshake cancels it', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: cancelled, resolve: cancel } = Promise.withResolvers<void>();
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => arrive());
    socket.once('close', () => cancel());
  });
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  const client = connect(rig.port, '127.0.0.1', () => client.write(`${HANDSHAKE}\r\n`));
  client.on('error', () => {});
  await arrived;
  client.destroy();
  await cancelled;
  await vi.waitFor(() => expect(rig.records).toMatchObject([{ status: 499 }]));
});

test('a stream on which nothing moves is closed after its own idle time', async () => {
  const origin = await echoOrigin('x');
  const rig = await startRig(threeCloudsYaml([origin.port, origin.port, origin.port], '    timeouts: { stream: 1s }'));
  const socket = await opened(rig.port);
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await ask(rig.port)).status).toBe(200);
});

test('an upgrade that is not taken is refused, and counted', async () => {
  const origin = await startOrigin('x');
  const rig = await startRig(threeCloudsYaml([origin.port, origin.port, origin.port]));
  expect(await exchangeBytes(rig.port, `${HANDSHAKE}Host: b\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  expect(rig.block.totals[TOTALS.indexOf('bad-request')]).toBe(1);
  expect(origin.seen).toEqual([]);
});
