import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Rig } from '../support/bare-rig.ts';
import { makeCertificates } from '../support/certificates.ts';
import { ask } from '../support/client.ts';
import { startH2Rig } from '../support/h2-rig.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';
import {
  closeOf,
  type Handshake,
  messagesOf,
  type OriginOptions,
  openH1,
  openH2,
  type Refused,
  startWebSocketOrigin,
} from '../support/web-sockets.ts';

/** What clients speak, and on which front; and what endpoints speak. */
const CLIENTS = ['h1', 'h1, accelerator off', 'h2'] as const;
const ORIGINS = ['h1', 'h2c', 'h2'] as const;
const PAIRS = CLIENTS.flatMap((client) => ORIGINS.map((origin) => [client, origin] as const));
type Client = (typeof CLIENTS)[number];
type Speaks = NonNullable<OriginOptions['speaks']>;

const CERTIFICATES = makeCertificates(afterAll);

function yamlOf(port: number, { client, origin, service = '' }: { client: Client; origin: Speaks; service?: string }) {
  const accelerator = client === 'h1, accelerator off' ? ', accelerator: off' : '';
  const scheme = origin === 'h2' ? 'https' : 'http';
  const host = origin === 'h2' ? 'localhost' : '127.0.0.1';
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0"${accelerator} }
services:
  shop:
${service}
    endpoints:
      - { cloud: aws, region: us-east-1, url: "${scheme}://${host}:${port}", protocol: ${origin} }
`;
}

type Way = { readonly rig: Rig; readonly open: (handshake?: Handshake) => Promise<WebSocket> };

/** An edge before this origin, and how a client opens a WebSocket through it. */
async function wayTo(port: number, client: Client, origin: Speaks, service = ''): Promise<Way> {
  const options = origin === 'h2' ? { authorities: { shop: CERTIFICATES.ca } } : {};
  const yaml = yamlOf(port, { client, origin, service });
  if (client !== 'h2') {
    const rig = await startRig(yaml, options);
    return { rig, open: (handshake) => openH1(rig.port, handshake) };
  }
  const rig = await startH2Rig(yaml, options);
  const session = rig.connect();
  return { rig, open: (handshake) => openH2(session, handshake) };
}

async function start(
  client: Client,
  origin: Speaks,
  { service = '', ...options }: OriginOptions & { service?: string } = {},
) {
  const behind = await startWebSocketOrigin({
    ...options,
    speaks: origin,
    ...(origin === 'h2' ? { tls: CERTIFICATES } : {}),
  });
  return { origin: behind, ...(await wayTo(behind.port, client, origin, service)) };
}

/** What it has to send is taken no more. */
async function settled(from: WebSocket): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  const same = (): boolean => {
    const was = before;
    before = from.bufferedAmount;
    return was === before;
  };
  await vi.waitUntil(same, { interval: 200, timeout: 60_000 });
}

/** What a WebSocket is read from and written to. */
function under(socket: WebSocket): Duplex {
  return (socket as unknown as { readonly _socket: Duplex })._socket;
}

/** Nothing is left of any of them. */
async function nothingLeft({ rig }: Pick<Way, 'rig'>): Promise<void> {
  await vi.waitFor(() => expect(rig.block.openStreams[0]).toBe(0));
  await vi.waitFor(() => expect([...rig.table.live.inFlight].every((count) => count === 0)).toBe(true));
}

describe.each(PAIRS)('a client of %s, an endpoint of %s', (client, origin) => {
  test('messages of all sizes, compressed or not, text and bytes', async () => {
    for (const deflate of [false, true]) {
      const way = await start(client, origin, { deflate });
      const socket = await way.open({ deflate });
      expect(socket.extensions).toBe(deflate ? 'permessage-deflate' : '');
      const { socket: there } = await way.origin.next();
      there.on('message', (data: Buffer, binary) => there.send(data, { binary }));
      const next = messagesOf(socket);
      for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_500_000]) {
        for (const data of ['m'.repeat(size), randomBytes(size)]) {
          socket.send(data);
          const got = await next();
          expect(got.binary).toBe(typeof data !== 'string');
          expect(got.data.equals(Buffer.from(data)), `a message of ${size}`).toBe(true);
        }
      }
    }
  });

  test('the subprotocol is the one that the endpoint picks, of those that were asked for', async () => {
    const way = await start(client, origin, { pick: (protocols) => protocols[1] });
    const socket = await way.open({ protocols: ['chat', 'superchat', 'other'], path: '/room?x=%20' });
    expect(socket.protocol).toBe('superchat');
    const asked = String((await way.origin.next()).headers['sec-websocket-protocol']);
    expect(asked.split(/, ?/)).toEqual(['chat', 'superchat', 'other']);
    expect(way.rig.records).toMatchObject([{ status: 101 }]);
  });

  test('whoever closes, the other one hears how', async () => {
    const way = await start(client, origin);
    const [first, second] = [await way.open(), await way.open()];
    const [one, two] = [await way.origin.next(), await way.origin.next()];
    const heard = [closeOf(one.socket), closeOf(first), closeOf(two.socket), closeOf(second)];
    first.close(4001, 'mine');
    two.socket.close(4002, 'yours');
    expect(await Promise.all(heard)).toEqual(['4001 mine', '4001 mine', '4002 yours', '4002 yours']);
    await nothingLeft(way);
  });

  test('pings and pongs go through as they are', async () => {
    const way = await start(client, origin);
    const socket = await way.open();
    const { socket: there } = await way.origin.next();
    for (const [from, to] of [
      [socket, there],
      [there, socket],
    ] as const) {
      const [pinged, ponged] = [once(to, 'ping'), once(from, 'pong')];
      from.ping('are you there?');
      expect(String((await pinged)[0])).toBe('are you there?');
      expect(String((await ponged)[0])).toBe('are you there?');
    }
  });

  test('an endpoint that says 401 is passed on as it is', async () => {
    const refuse = { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: 'who are you?' };
    const way = await start(client, origin, { refuse });
    const refused = (await way.open().then(
      () => undefined,
      (error: unknown) => error,
    )) as Refused;
    expect(refused).toMatchObject({ status: 401, body: 'who are you?' });
    expect(refused.headers['www-authenticate']).toBe('Basic realm="x"');
    expect(way.rig.records).toMatchObject([{ status: 401 }]);
    await nothingLeft(way);
  });

  // Both ways together are 128 MiB, which take as long as the machine has other things to do.
  test('who does not read has the other one wait, and gets everything in the end', { timeout: 180_000 }, async () => {
    const way = await start(client, origin);
    const socket = await way.open();
    const { socket: there } = await way.origin.next();
    const total = 64;
    for (const [from, to] of [
      [there, socket],
      [socket, there],
    ] as const) {
      let left = total * 1024 * 1024;
      const whole = new Promise<void>((resolve) => {
        to.on('message', (data: Buffer) => {
          left -= data.length;
          if (left === 0) resolve();
        });
      });
      to.pause();
      for (let i = 0; i < total; i += 1) from.send(Buffer.alloc(1024 * 1024, i));
      await settled(from);
      // What the systems' and the edge's buffers hold is far less than this.
      expect(from.bufferedAmount).toBeGreaterThan(16 * 1024 * 1024);
      to.resume();
      await whole;
      expect(left).toBe(0);
      to.removeAllListeners('message');
    }
  });

  test('an endpoint that breaks takes its WebSockets with it, and a client its own', async () => {
    const way = await start(client, origin);
    const [first, second] = [await way.open(), await way.open()];
    const [one] = [await way.origin.next(), await way.origin.next()];
    const gone = closeOf(one.socket);
    first.terminate();
    expect(await gone).toBe('1006 ');
    expect(second.readyState).toBe(second.OPEN);
    const broken = closeOf(second);
    way.origin.reset();
    expect(await broken).toBe('1006 ');
    await nothingLeft(way);
    // The edge serves on.
    const third = await way.open();
    expect(third.readyState).toBe(third.OPEN);
  });

  test('one on which nothing moves is closed after `stream`, not after `idle`; bytes in one direction keep it', async () => {
    const service = '    timeouts: { idle: 1s, stream: 2s }';
    const way = await start(client, origin, { service });
    const began = performance.now();
    const [silent, busy] = [await way.open(), await way.open()];
    await way.origin.next();
    const { socket: there } = await way.origin.next();
    const said = setInterval(() => there.send('tick'), 300);
    const ticks = vi.fn();
    busy.on('message', ticks);
    await closeOf(silent);
    expect(performance.now() - began).toBeGreaterThan(1900);
    const before = ticks.mock.calls.length;
    await vi.waitUntil(() => ticks.mock.calls.length > before + 1);
    expect(busy.readyState).toBe(busy.OPEN);
    clearInterval(said);
    await closeOf(busy);
    await nothingLeft(way);
  });

  test('an edge that goes down says so to both sides, and waits for their answers', async () => {
    const way = await start(client, origin);
    const socket = await way.open();
    const { socket: there } = await way.origin.next();
    const heard = [closeOf(socket), closeOf(there)];
    await way.rig.edge.listener.cut();
    expect(await Promise.all(heard)).toEqual(['1001 going away', '1001 going away']);
    await nothingLeft(way);
  });

  test('it says so behind the message that is on its way, not in the middle of it', async () => {
    const way = await start(client, origin);
    const socket = await way.open();
    const { socket: there } = await way.origin.next();
    const [down, up] = [messagesOf(socket), messagesOf(there)];
    const heard = [closeOf(socket), closeOf(there)];
    const came = [socket, there].map((one) => once(under(one), 'data'));
    under(there).write(Buffer.from('\x81\x05hel', 'latin1'));
    under(socket).write(Buffer.from('\x81\x85\0\0\0\0hel', 'latin1'));
    await Promise.all(came);
    const cut = way.rig.edge.listener.cut();
    for (const one of [socket, there]) under(one).write('lo');
    expect((await Promise.all([down(), up()])).map(({ data }) => data.toString())).toEqual(['hello', 'hello']);
    await cut;
    expect(await Promise.all(heard)).toEqual(['1001 going away', '1001 going away']);
  });
});

/** Stages at which an endpoint of HTTP/1.1 breaks off, and what a client is told. */
const ACCEPT = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n';
const SWITCHING = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${ACCEPT}`;

test.each([
  ['as it connects', ''],
  ['in the head', SWITCHING],
  ['behind a 100', 'HTTP/1.1 100 Continue\r\n\r\n'],
])('an endpoint that resets %s: a clear answer, and the next is asked', async (_, said) => {
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => {
      socket.write(said, 'latin1');
      setImmediate(() => socket.resetAndDestroy());
    });
  });
  const { rig, open } = await wayTo(raw.port, 'h1', 'h1', '    retries: { attempts: 1 }');
  const refused = (await open().catch((error: unknown) => error)) as Refused;
  expect(refused.status).toBe(502);
  expect(refused.headers['proxy-status']).toMatch(/error=connection_terminated/);
  await nothingLeft({ rig });
});

/** An endpoint that speaks HTTP/2 and takes no WebSockets by it; with `http1`, it takes them by HTTP/1.1. */
async function withoutConnect(http1: boolean): Promise<number> {
  const { cert, key } = CERTIFICATES;
  const server = http1
    ? http2.createSecureServer({ cert, key, allowHTTP1: true }, (_, response) => void response.end('ok'))
    : http2.createServer((_, response) => void response.end('ok'));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    sockets.handleUpgrade(request, socket, head, (one) =>
      one.on('message', () => one.send(`by ${request.httpVersion}`)),
    ),
  );
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket: { destroy(): void }) => void open.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => {
    for (const one of open) one.destroy();
  });
  return (server.address() as AddressInfo).port;
}

test('with auto, an endpoint that takes no WebSockets by HTTP/2 is asked for them by HTTP/1.1; its requests stay where they are', async () => {
  const port = await withoutConnect(true);
  const yaml = yamlOf(port, { client: 'h1', origin: 'h2' }).replace('protocol: h2', 'protocol: auto');
  const rig = await startRig(yaml, { authorities: { shop: CERTIFICATES.ca } });
  for (let i = 0; i < 3; i += 1) {
    const socket = await openH1(rig.port);
    socket.send('how?');
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.toString()).toBe('by 1.1');
    expect((await ask(rig.port)).body).toBe('ok');
  }
});

test('with auto, an endpoint that takes them by HTTP/2 is asked by that', async () => {
  const origin = await startWebSocketOrigin({ speaks: 'h2', tls: CERTIFICATES });
  const yaml = yamlOf(origin.port, { client: 'h1', origin: 'h2' }).replace('protocol: h2', 'protocol: auto');
  const rig = await startRig(yaml, { authorities: { shop: CERTIFICATES.ca } });
  const [one, two] = [await openH1(rig.port), await openH1(rig.port)];
  const there = await Promise.all([origin.next(), origin.next()]);
  expect(there.map(({ headers }) => headers[':protocol'])).toEqual(['websocket', 'websocket']);
  expect(origin.connections()).toBe(1);
  expect([one?.readyState, two?.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
});

test('with h2c, it is said what is missing, and the breaker learns nothing of it', async () => {
  const port = await withoutConnect(false);
  const yaml = yamlOf(port, { client: 'h1', origin: 'h2c', service: '    breakers: { failures: 1 }' });
  const rig = await startRig(yaml);
  for (let i = 0; i < 2; i += 1) {
    const refused = (await openH1(rig.port).catch((error: unknown) => error)) as Refused;
    expect(refused.status).toBe(502);
    expect(rig.records.at(-1)?.attempts[0]?.cause).toMatch(/takes no WebSockets by HTTP\/2.*protocol: auto or h1/);
    expect((await ask(rig.port)).body).toBe('ok');
  }
});

test.each([
  ['says nothing', ''],
  ['answers by HTTP/1.1', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
])('an endpoint of h2c that %s: a clear answer in time', async (_, said) => {
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => void socket.write(said));
    socket.resume();
  });
  const service = '    timeouts: { connect: 300ms }\n    retries: { attempts: 1 }';
  const rig = await startRig(yamlOf(raw.port, { client: 'h1', origin: 'h2c', service }));
  const refused = (await openH1(rig.port).catch((error: unknown) => error)) as Refused;
  expect([502, 504]).toContain(refused.status);
  expect(refused.headers['proxy-status']).toMatch(/error=(?:connection_timeout|http_protocol_error)/);
  await nothingLeft({ rig });
});
