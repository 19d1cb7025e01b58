import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startRig } from '../support/rig.ts';
import { OK } from '../support/wire/recording-origin.ts';
import { arrived, contract, refusedWith, told } from './contract.ts';
import { ENGINES } from './engines.ts';

const UPGRADE =
  'GET /up?x=%20 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: custom/1\r\nX-Mine: 1\r\n';
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: custom/1\r\nX-Theirs: 1\r\n\r\n';

contract('upgrades', [
  {
    name: 'both connections become one, early bytes too, and either half may end first',
    origins: [
      {
        answer: (_, to) => {
          to.answer(`${SWITCHING}early from origin;`);
          to.socket.on('data', () => {
            if (to.bytes().endsWith('late')) to.socket.write('saw late;');
          });
          to.socket.prependOnceListener('end', () => to.socket.write('saw the end;'));
        },
      },
    ],
    play: async (stage) => {
      const client = await stage.client();
      client.write(`${UPGRADE}\r\nearly from client;`);
      await client.until('early bytes', ({ reader }) => reader.rest.includes('early from origin;'));
      expect(stage.rig.block.openStreams[0]).toBe(1);
      client.write('late');
      await client.until('late bytes', ({ reader }) => reader.rest.includes('saw late;'));
      client.socket.end();
      await client.ended();
    },
    expect: (seen) => {
      expect(arrived(seen)).toMatchObject({ start: 'GET /up?x=%20 HTTP/1.1' });
      expect(arrived(seen).headers).toEqual(
        expect.arrayContaining(['connection: upgrade', 'Upgrade: custom/1', 'X-Mine: 1']),
      );
      expect(told(seen)).toEqual(['101 ']);
      expect(seen.clients[0]?.answers[0]?.headers).toEqual(
        expect.arrayContaining(['connection: upgrade', 'Upgrade: custom/1', 'X-Theirs: 1']),
      );
      expect(seen.clients[0]?.rest).toBe('early from origin;saw late;saw the end;');
      expect(seen.records).toEqual(['GET /up?x=%20 101 complete [aws success 101]']);
      expect(seen.cells).toMatchObject({ 'total upgrade': 1, success: 1 });
    },
  },
  {
    name: 'another answer than 101 is passed on',
    origins: [{ answer: 'HTTP/1.1 403 Forbidden\r\nX-Why: not you\r\nContent-Length: 2\r\n\r\nno' }],
    play: `${UPGRADE}\r\n`,
    expect: (seen) => {
      expect(told(seen)).toEqual(['403 no']);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('X-Why: not you');
      expect(seen.records).toEqual(['GET /up?x=%20 403 complete [aws success 403]']);
    },
  },
  {
    name: 'what was sent behind it is no request until it is granted',
    origins: [{ answer: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno' }],
    play: `${UPGRADE}\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
    answers: 2,
    expect: (seen) => {
      expect(told(seen)[0]).toBe('403 no');
      expect(seen.origins[0]?.filter(({ start }) => start.includes('/smuggled'))).toEqual([]);
    },
  },
  {
    name: 'it fails over before anything is said',
    edge: ', trust_proxies: [loopback]',
    origins: [
      { answer: (_, to) => void to.socket.resetAndDestroy() },
      { answer: (_, to) => to.finish(`${SWITCHING}gcp`) },
    ],
    play: async (stage) => {
      const client = await stage.client();
      client.write(`${UPGRADE}X-Forwarded-For: 3.80.0.1\r\nRouting-Priority: latency\r\n\r\n`);
      await client.until('gcp', ({ reader }) => reader.rest === 'gcp');
      client.socket.end();
      await client.ended();
    },
    expect: (seen) => expect(seen.records).toEqual(['GET /up?x=%20 101 complete [aws reset 0, gcp success 101]']),
  },
  {
    name: 'to h2c is not offered further',
    play: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(arrived(seen).headers.join()).not.toMatch(/upgrade|h2c|http2/i);
    },
  },
  {
    name: 'with a body is a plain request',
    play: `POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: custom/1\r\nContent-Length: 2\r\n\r\nhi`,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(arrived(seen)).toMatchObject({ body: 'hi' });
      expect(arrived(seen).headers.join()).not.toMatch(/upgrade/i);
    },
  },
  {
    name: 'without the word in Connection is a plain request',
    play: 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: custom/1\r\n\r\n',
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(arrived(seen).headers.join()).not.toMatch(/upgrade/i);
    },
  },
  {
    name: 'a 101 that nobody asked for',
    service: '    retries: { attempts: 1 }',
    origins: [{ answer: `${SWITCHING}${OK}` }],
    play: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    expect: (seen) => expect(told(seen)[0]).toMatch(/^502 /),
  },
  { name: 'with two Hosts', play: `${UPGRADE}Host: b\r\n\r\n`, expect: refusedWith(400) },
]);

describe.each(ENGINES)('accelerator %s', (engine) => {
  test('a WebSocket works through it, with messages of all sizes', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (data: Buffer, binary) => socket.send(data, { binary })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const rig = await startRig(`version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
services:
  shop:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${(server.address() as AddressInfo).port}" }]
`);
    const socket = new WebSocket(`ws://127.0.0.1:${rig.port}/chat`);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 3_000_000]) {
      const text = 'm'.repeat(size);
      socket.send(text);
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect(data.toString() === text, `a message of ${size}`).toBe(true);
    }
    expect(rig.block.openStreams[0]).toBe(1);
    socket.close();
    await vi.waitFor(() => expect(rig.block.openStreams[0]).toBe(0));
    expect([...rig.table.live.inFlight].every((count) => count === 0)).toBe(true);
    expect(rig.records).toMatchObject([{ status: 101, how: 'complete' }]);
  });
});
