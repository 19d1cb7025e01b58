import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { REQUEST_HEAD_BYTES_MAX } from '../../../../src/edge/message/request-head.ts';
import { clientIdleMs, httpServer, serve } from '../../../../src/edge/thread/http-server.ts';
import { exchanged, portOf } from '../../../support/raw-http.ts';
import { threeClouds } from '../../../support/topology.ts';

const settings = '{ id: e, region: aws/us-east-1, keep_alive: 42s, head_timeout: 7s, connections: 123 }';
const topology = threeClouds({ top: `edge: ${settings}` });

test('every limit is the file’s', () => {
  const server = httpServer(topology, () => {});
  expect(server).toMatchObject({
    keepAliveTimeout: 42_000,
    headersTimeout: 7000,
    requestTimeout: 0,
    maxHeadersCount: 0,
    timeout: clientIdleMs(topology),
  });
});

test('an idle connection outlasts the longest wait for an endpoint', () => {
  const wait = (service: string) => clientIdleMs(threeClouds({ service }));
  expect(wait('timeouts: { idle: 200s, connect: 1s, first_byte: 2s }\nretries: { attempts: 3 }')).toBe(201_000);
  expect(wait('timeouts: { idle: 5s, connect: 1s, first_byte: 20s }\nretries: { attempts: 3 }')).toBe(64_000);
});

test('a tunnel is refused', async () => {
  const port = await portOf(httpServer(topology, () => {}));
  const answer = await exchanged(port, 'CONNECT a.com:443 HTTP/1.1\r\nHost: a.com:443\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
});

test('all headers come through, however many, up to the size of a head', async () => {
  let count = 0;
  const server = httpServer(topology, (request, response) => {
    count = request.rawHeaders.length / 2;
    response.end();
  });
  const port = await portOf(server);
  const many = Array.from({ length: 2500 }, (_, i) => `X${i}: 1\r\n`).join('');
  await exchanged(port, `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${many}\r\n`);
  expect(count).toBe(2502);
  const large = `X: ${'x'.repeat(REQUEST_HEAD_BYTES_MAX)}\r\n`;
  expect(await exchanged(port, `GET / HTTP/1.1\r\nHost: a\r\n${large}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
});

test.each([
  ['websocket', '', 'upgrade'],
  ['h2c', '', 'request'],
  ['H2C', '', 'request'],
  ['websocket', 'Content-Length: 0\r\n', 'upgrade'],
  ['websocket', 'Transfer-Encoding: chunked\r\n', 'request'],
  ['websocket, h2c', '', 'request'],
  ['TLS/1.2', '', 'request'],
  ['HTTP/2.0, websocket', '', 'request'],
  ['tls-like', '', 'upgrade'],
])('Upgrade: %s with "%s" is taken as %s', async (protocol, more, expected) => {
  const seen: string[] = [];
  const server = httpServer(topology, (_, response) => {
    seen.push('request');
    response.end();
  });
  server.on('upgrade', (_, socket) => {
    seen.push('upgrade');
    socket.end();
  });
  const upgrade = `Connection: Upgrade, close\r\nUpgrade: ${protocol}\r\n${more}`;
  await exchanged(await portOf(server), `GET / HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`);
  expect(seen).toEqual([expected]);
});

test('a connection that it did not accept itself is served, and must say its head in time', async () => {
  const server = httpServer(
    threeClouds({ top: 'edge: { id: e, region: aws/us-east-1, head_timeout: 100ms }' }),
    (_, response) => response.end('ok'),
  );
  onTestFinished(() => void server.close());
  const outside = createServer((socket) => serve(server, socket));
  const port = await portOf(outside);
  expect(await exchanged(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await exchanged(port, 'GET / HTTP/1.1\r\nHost:')).toMatch(/^HTTP\/1\.1 408 /);
});

test('heads that are overdue are looked for from the first connection on, and not before', async () => {
  const server = httpServer(topology, (_, response) => response.end('ok'));
  onTestFinished(() => void server.close());
  let looks = 0;
  server.on('listening', () => {
    looks += 1;
  });
  expect(looks).toBe(0);
  const port = await portOf(createServer((socket) => serve(server, socket)));
  for (let asked = 0; asked < 2; asked += 1) {
    await exchanged(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  }
  expect(looks).toBe(1);
});
