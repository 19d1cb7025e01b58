import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type ConnectionFacts, factsOf } from '../../../../src/edge/client/connection-facts.ts';
import { Door, type DoorParts } from '../../../../src/edge/thread/door.ts';
import { Gate } from '../../../../src/edge/thread/gate.ts';
import { listenerSettings, listenerTls } from '../../../support/listener.ts';
import { dial } from '../../../support/raw-http.ts';
import { CERTIFICATE, KEY } from '../../health/certificate.ts';

const TLS = listenerTls({ cert: CERTIFICATE, key: KEY });

/** A door before fronts that say what came to them. */
async function opened(parts: Partial<DoorParts> = {}, fronts: readonly ('http1' | 'http2')[] = ['http1']) {
  const came: { readonly front: string; readonly facts: ConnectionFacts; readonly same: boolean }[] = [];
  const limits = () => ({ connectionsMax: 100, handshakesMax: 10, handshakeMs: 1000 });
  const gate = new Gate({ limits, dropped: () => {} });
  const front = (name: string) => ({
    accept: (socket: Socket, facts: ConnectionFacts) => {
      came.push({ front: name, facts, same: factsOf(socket) === facts });
      socket.resume();
    },
  });
  const notTaken: string[] = [];
  const door = new Door({
    settings: listenerSettings('public', parts.tls === undefined ? {} : { http2: 'tls' }),
    tls: undefined,
    gate,
    fronts: { http1: front('http1'), ...(fronts.includes('http2') ? { http2: front('http2') } : {}) },
    notTaken: (code) => notTaken.push(code),
    ...parts,
  });
  const port = await door.listen({ host: '127.0.0.1', port: 0 }, false);
  onTestFinished(async () => {
    gate.cut();
    await door.stop();
  });
  return { door, port, came, notTaken };
}

function secured(port: number, options: object = {}) {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  onTestFinished(() => void socket.destroy());
  return new Promise<string | false | null>((resolve, reject) =>
    socket.once('secureConnect', () => resolve(socket.alpnProtocol)).once('error', reject),
  );
}

test('a plain connection goes to the front for HTTP/1 at once, with what is known of it', async () => {
  const { port, came } = await opened();
  const client = await dial(port);
  await vi.waitFor(() => expect(came).toHaveLength(1));
  expect(came[0]).toEqual({
    front: 'http1',
    same: true,
    facts: {
      listener: 'public',
      address: '127.0.0.1',
      port: client.localPort,
      protocol: 'http',
      tlsVersion: '',
      serverName: '',
      certificate: undefined,
    },
  });
});

test('over TLS the facts have its version and the name that was asked for, in lower case', async () => {
  const { port, came } = await opened({ tls: TLS });
  await secured(port, { servername: 'Shop.Example.com', maxVersion: 'TLSv1.2' });
  await vi.waitFor(() => expect(came).toHaveLength(1));
  expect(came[0]?.facts).toMatchObject({ protocol: 'https', tlsVersion: 'TLSv1.2', serverName: 'shop.example.com' });
});

test.each([
  [['h2', 'http/1.1'], 'h2', 'http2'],
  [['http/1.1', 'h2'], 'h2', 'http2'],
  [['http/1.1'], 'http/1.1', 'http1'],
  [undefined, false, 'http1'],
] as const)('who offers %j gets %s and comes to %s', async (offered, agreed, front) => {
  const { port, came } = await opened({ tls: TLS }, ['http1', 'http2']);
  expect(await secured(port, offered === undefined ? {} : { ALPNProtocols: [...offered] })).toBe(agreed);
  await vi.waitFor(() => expect(came.map((one) => one.front)).toEqual([front]));
});

test('without a front for it, HTTP/2 is agreed on with nobody', async () => {
  const { port, came } = await opened({ tls: TLS });
  expect(await secured(port, { ALPNProtocols: ['h2', 'http/1.1'] })).toBe('http/1.1');
  await vi.waitFor(() => expect(came.map((one) => one.front)).toEqual(['http1']));
  await expect(secured(port, { ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol|alert/i);
});

test('a socket of a server that is no door has facts too', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  const facts = new Promise<ConnectionFacts>((resolve) =>
    server.on('connection', (socket) => resolve(factsOf(socket))),
  );
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const client = await dial((server.address() as { port: number }).port);
  expect(await facts).toMatchObject({ address: '127.0.0.1', port: client.localPort, protocol: 'http', listener: '' });
});

test.each([
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'http1'],
  ['GET / HTTP/1.0\r\n\r\n', 'http1'],
  ['\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', 'http1'],
  // Of a line that has not ended nobody knows what it is.
  [`POST /${'x'.repeat(300)}`, 'http1'],
  ['GET /\r\n', 'http1'],
  // What is neither is told in HTTP/2 that it is none.
  ['INVALID CONNECTION PREFACE\r\n\r\n', 'http2'],
  ['PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n', 'http2'],
])('with prior knowledge, a client that begins with %j speaks %s', async (first, front) => {
  const settings = listenerSettings('public', { http2: 'cleartext' });
  const { port, came } = await opened({ settings }, ['http1', 'http2']);
  const client = await dial(port);
  client.write(first);
  await vi.waitFor(() => expect(came.map((one) => one.front)).toEqual([front]));
});
