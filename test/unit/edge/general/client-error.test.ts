import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { onClientError } from '../../../../src/edge/general/client-error.ts';
import { dial, exchanged, portOf, readToEnd } from '../../../support/raw-http.ts';

async function serve(options: { headersTimeout?: number; connectionsCheckingInterval?: number } = {}) {
  const responses: ServerResponse[] = [];
  const server = createServer({ maxHeaderSize: 1024, ...options }, (_, response) => responses.push(response));
  server.on('clientError', (error, socket) => onClientError(error, socket as never, () => {}));
  return { server, responses, port: await portOf(server) };
}

test.each([
  ['garbage', 'what?\r\n\r\n', 400],
  ['a bad header', 'GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  [
    'a length beside a coding',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
  ],
  ['a head too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2000)}\r\n\r\n`, 431],
])('%s is refused, and the connection ends', async (_, bytes, status) => {
  const { port } = await serve();
  const answer = await exchanged(port, bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('\r\nConnection: close\r\n');
  const [head, body] = answer.split('\r\n\r\n') as [string, string];
  expect(head).toContain(`Content-Length: ${body.length}`);
});

test('a head that does not come is given up', async () => {
  const { port } = await serve({ headersTimeout: 50, connectionsCheckingInterval: 20 });
  expect(await exchanged(port, 'GET / HTTP/1.1\r\nHost')).toMatch(/^HTTP\/1\.1 408 /);
});

test('an answer that is under way goes out whole before the connection ends', async () => {
  const { server, responses, port } = await serve();
  const socket = await dial(port);
  const failed = once(server, 'clientError');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nwhat?\r\n\r\n');
  await failed;
  const answer = readToEnd(socket);
  responses[0]?.end('the whole answer');
  const text = await answer;
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).toMatch(/the whole answerHTTP\/1\.1 400 /);
});

test('garbage inside of a body is refused at once, and ends the request', async () => {
  const { responses, port } = await serve();
  const answer = await exchanged(
    port,
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(responses[0]).toMatchObject({ destroyed: true, writableFinished: false });
});

test('a connection that broke is let go', async () => {
  const { server, port } = await serve();
  const gone = once(server, 'connection');
  const socket = await dial(port);
  const [accepted] = (await gone) as [Socket];
  // Not once(): that would fail with the very error that is expected here.
  const broke = new Promise((resolve) => accepted.once('close', resolve));
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
  // Node tells whoever resets a connection of it, too.
  socket.on('error', () => {});
  socket.resetAndDestroy();
  await broke;
  expect(accepted.destroyed).toBe(true);
});
