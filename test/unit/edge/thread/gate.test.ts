import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Gate, type GateLimits } from '../../../../src/edge/thread/gate.ts';
import { handshakeOn, secureServer } from '../../../../src/edge/thread/secure-server.ts';
import type { DropReason } from '../../../../src/table/event.ts';
import { shown } from '../../../support/listener.ts';
import { dial, portOf, readToEnd } from '../../../support/raw-http.ts';
import { CERTIFICATE, KEY } from '../../health/certificate.ts';

const LIMITS: GateLimits = { connectionsMax: 2, handshakesMax: 2, handshakeMs: 60_000 };

async function gated(secure: boolean, limits: Partial<GateLimits> = {}) {
  const now = { ...LIMITS, ...limits };
  const drops: DropReason[] = [];
  const gate = new Gate({ limits: () => now, dropped: (reason) => drops.push(reason) });
  const http = createHttpServer((_, response) => response.end('ok'));
  const tls = secureServer(shown({ cert: CERTIFICATE, key: KEY }), {
    protocols: ['http/1.1'],
    refused: (raw) => void raw.destroy(),
    secured: (raw, socket) => {
      if (gate.ready(raw, socket)) http.emit('connection', socket);
    },
  });
  const arrival = secure ? 'prepared' : 'ready';
  const server = createServer((socket) => {
    if (!gate.enter(socket, arrival)) return;
    if (secure) handshakeOn(tls, socket);
    else http.emit('connection', socket);
  });
  gate.guard(server, arrival);
  const port = await portOf(server);
  return { gate, drops, port, now, server };
}

async function handshake(port: number): Promise<Socket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** `once` of node:events would reject at a reset, which is an end as well. */
const ended = async (socket: Socket) => {
  socket.on('error', () => {});
  if (!socket.closed) await new Promise<void>((resolve) => socket.resume().once('close', () => resolve()));
};

test('plain connections above the limit are closed and counted, and a place that is free again is used', async () => {
  const { gate, drops, port } = await gated(false);
  const [first] = [await dial(port), await dial(port)];
  await vi.waitFor(() => expect(gate.open).toBe(2));
  await ended(connect(port, '127.0.0.1'));
  expect(drops).toEqual(['limit']);
  first?.destroy();
  await vi.waitFor(() => expect(gate.open).toBe(1));
  const socket = await dial(port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 /);
});

test('a limit that a reload changes holds for the connections to come', async () => {
  const { gate, drops, port, now } = await gated(false);
  await Promise.all([dial(port), dial(port)]);
  now.connectionsMax = 3;
  gate.follow();
  await dial(port);
  await vi.waitFor(() => expect(gate.open).toBe(3));
  expect(drops).toEqual([]);
});

test('silent clients take no place of connections that can carry requests', async () => {
  const { gate, drops, port } = await gated(true);
  const silent = [await dial(port), await dial(port)];
  await handshake(port);
  await handshake(port);
  await vi.waitFor(() => expect(gate.open).toBe(2));
  await Promise.all(silent.map(ended));
  expect(drops).toEqual(['handshakes', 'handshakes']);
});

test('TLS connections above the limit are closed once their handshake is over', async () => {
  const { drops, port } = await gated(true);
  const [first] = [await handshake(port), await handshake(port)];
  await ended(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));
  expect(drops).toEqual(['limit']);
  first?.destroy();
  await vi.waitFor(async () => {
    const socket = await handshake(port);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

test('a handshake has its time as a whole, however its bytes trickle in', async () => {
  const { gate, drops, port } = await gated(true, { handshakeMs: 200 });
  const slow = await dial(port);
  // A ClientHello that says it has 16 KiB, one byte at a time.
  const hello = Buffer.concat([Buffer.from([22, 3, 1, 63, 255, 1, 0, 63, 251, 3, 3]), Buffer.alloc(4096)]);
  let sent = 0;
  const trickle = setInterval(() => slow.write(hello.subarray(sent, (sent += 1))), 20);
  onTestFinished(() => clearInterval(trickle));
  await ended(slow);
  expect(drops).toEqual(['handshake-timeout']);
  expect(sent).toBeGreaterThan(3);
  expect(gate.open).toBe(0);
});

test('what is no handshake is ended at once and counted', async () => {
  const { gate, drops, port } = await gated(true);
  const socket = await dial(port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await ended(socket);
  await vi.waitFor(() => expect(drops).toEqual(['handshake-failed']));
  expect(gate.open).toBe(0);
});

test('an accept that fails is counted, and the server listens on', async () => {
  const { drops, port, server } = await gated(false);
  server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
  expect(drops).toEqual(['no-descriptors']);
  await dial(port);
});

test('a cut ends all of them, those in their handshake too', async () => {
  const { gate, port } = await gated(true);
  const all = [await handshake(port), await dial(port)];
  gate.cut();
  await Promise.all(all.map(ended));
});

test('the limits are those of all servers together', async () => {
  const { gate, drops, port } = await gated(false);
  const other = createServer((socket) => void gate.enter(socket, 'ready'));
  gate.guard(other, 'ready');
  const otherPort = await portOf(other);
  await Promise.all([dial(port), dial(otherPort)]);
  await vi.waitFor(() => expect(gate.open).toBe(2));
  await ended(connect(otherPort, '127.0.0.1'));
  expect(drops).toEqual(['limit']);
});

test('one that is refused while it is prepared is ended and counted once', async () => {
  const { gate, drops } = await gated(true);
  const server = createServer((socket) => {
    gate.enter(socket, 'prepared');
    gate.refuse(socket, 'handshakes');
    gate.refuse(socket, 'handshakes');
  });
  await ended(connect(await portOf(server), '127.0.0.1'));
  expect(drops).toEqual(['handshakes']);
});
