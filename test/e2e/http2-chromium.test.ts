import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { openPage } from '../support/chromium.ts';
import { h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { lacks } from '../support/programs.ts';

/** What a page of today asks of its server, all at once; the browser says by which protocol each was answered. */
const VISIT = `(async () => {
  const texts = await Promise.all(Array.from({ length: 60 }, async (_, i) => (await fetch('/item/' + i)).text()));
  const large = (await (await fetch('/large')).arrayBuffer()).byteLength;
  const posted = await (await fetch('/echo', { method: 'POST', body: 'p'.repeat(300000) })).text();
  const events = await new Promise((resolve) => {
    const source = new EventSource('/events');
    const seen = [];
    source.onmessage = ({ data }) => {
      seen.push(data);
      if (seen.length === 3) { source.close(); resolve(seen); }
    };
  });
  const socket = new WebSocket('wss://' + location.host + '/chat');
  const echoed = await new Promise((resolve, reject) => {
    socket.onopen = () => socket.send('hello');
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = () => reject(new Error('the WebSocket failed'));
  });
  socket.close();
  const missing = (await fetch('/missing')).status;
  const protocols = [...new Set(performance.getEntriesByType('resource').map(({ nextHopProtocol }) => nextHopProtocol))];
  return { wrong: texts.filter((text, i) => text !== 'item ' + i), large, posted: posted.length, events, echoed, missing, protocols };
})()`;

test.skipIf(lacks('chromium')).each(['accelerator: on,', 'accelerator: off,'])(
  'Chromium has a page with many requests, an upload, events and a WebSocket, %s',
  async (edge) => {
    const server = createServer((request, response) => {
      const { url = '' } = request;
      if (url === '/') response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>shop</title>');
      else if (url.startsWith('/item/')) response.end(`item ${url.slice(6)}`);
      else if (url === '/large') response.end(Buffer.alloc(3_000_000, 'x'));
      else if (url === '/echo') request.pipe(response);
      else if (url === '/events') {
        response.setHeader('Content-Type', 'text/event-stream');
        for (const data of [1, 2, 3]) response.write(`data: ${data}\n\n`);
      } else response.writeHead(404).end('nothing');
    });
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (data: Buffer, binary) => socket.send(data, { binary })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const rig = await startH2Rig(h2Yaml([(server.address() as AddressInfo).port], '', edge));
    const page = await openPage(`https://localhost:${rig.port}/`);
    expect(await page.run(VISIT)).toEqual({
      wrong: [],
      large: 3_000_000,
      posted: 300_000,
      events: ['1', '2', '3'],
      echoed: 'hello',
      missing: 404,
      protocols: ['h2'],
    });
    const socket = rig.records.find(({ target }) => target === '/chat');
    expect(socket).toMatchObject({ status: 101, httpVersion: '2.0' });
    expect(rig.records.every(({ httpVersion }) => httpVersion === '2.0')).toBe(true);
  },
  60_000,
);
