import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { onConnect } from '../../../../src/edge/general/tunnel.ts';
import { dial, portOf, readToEnd } from '../../../support/raw-http.ts';

test('a tunnel is refused in its turn: the answers before it come first', async () => {
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => responses.push(response));
  server.on('connect', (request, socket) => onConnect(request, socket as Socket));
  const socket = await dial(await portOf(server));
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nCONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n');
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  responses[0]?.end('first');
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 200 OK.*firstHTTP\/1\.1 405 /s);
});
