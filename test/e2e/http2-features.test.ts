import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { F, frame, headers, type RawClient, request, startRaw, T } from '../support/h2-raw.ts';
import { askH2, h2Yaml, startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';
import { running } from '../support/running.ts';

const LADDER = '    degraded: { primary_timeout: 2s, cache: { fresh_for: 1h, stale_if_error: 1h } }';

test('a ladder answers by HTTP/2, too', async () => {
  let fails = false;
  const origin = await startOrigin('one', (_, response) => {
    response.writeHead(fails ? 500 : 200, { 'content-type': 'text/plain' });
    response.end(fails ? 'down' : 'a copy');
  });
  const rig = await startH2Rig(h2Yaml([origin.port], LADDER));
  const session = rig.connect();
  expect(await askH2(session, { ':path': '/page' })).toMatchObject({ status: 200, body: 'a copy' });
  fails = true;
  await expect.poll(async () => (await askH2(session, { ':path': '/page' })).status).toBe(200);
  const stale = await askH2(session, { ':path': '/page' });
  expect(stale).toMatchObject({ status: 200, body: 'a copy' });
  expect(stale.headers['proxy-status']).toMatch(/received-status=500/);
  expect(rig.records.at(-1)).toMatchObject({ quality: 'minimal', httpVersion: '2.0' });
  expect(await askH2(session, { ':path': '/other' })).toMatchObject({ status: 500, body: 'down' });
});

test('a body goes to a service with a ladder, also where nobody knows how long it is', async () => {
  const origin = await startOrigin('echo', (_, response, body) => response.end(body));
  const rig = await startH2Rig(h2Yaml([origin.port], LADDER));
  const session = rig.connect();
  const body = Buffer.alloc(1_000_000, 'ladder');
  for (const length of [{}, { 'content-length': body.length }]) {
    const answer = await askH2(session, { ':method': 'POST', ...length }, body);
    expect(answer.body === body.toString('latin1')).toBe(true);
  }
});

test('with the accelerator off, every request takes the general way', async () => {
  const origin = await startOrigin('echo', (incoming, response, body) => {
    response.writeHead(200, { 'x-via': incoming.headers.via, trailer: 'x-sum' });
    response.write(body);
    response.addTrailers({ 'x-sum': '1' });
    response.end();
  });
  const rig = await startH2Rig(h2Yaml([origin.port], '', 'accelerator: off,'));
  const answer = await askH2(rig.connect(), { ':method': 'PUT', cookie: ['a=1', 'b=2'] }, 'hello');
  expect(answer).toMatchObject({ status: 200, body: 'hello', headers: { 'x-via': '2.0 meridian-test' } });
  expect(answer.trailers).toMatchObject({ 'x-sum': '1' });
  const { rawHeaders } = origin.seen[0] as (typeof origin.seen)[number];
  expect(rawHeaders[rawHeaders.indexOf('cookie') + 1]).toBe('a=1; b=2');
});

/** An endpoint that answers when it is told to. */
async function slowOrigin(): Promise<{ port: number; server: Server; answer: () => void }> {
  const answers: (() => void)[] = [];
  const server = createServer((_, response) => void answers.push(() => response.end('late'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  const answer = (): void => {
    for (const one of answers.splice(0)) one();
  };
  return { port: (server.address() as AddressInfo).port, server, answer };
}

test('an edge that goes down says so first, then takes no more, and ends with the last answer', async () => {
  const { port, server, answer } = await slowOrigin();
  const rig = await startH2Rig(h2Yaml([port]));
  const client = rig.raw();
  client.write(headers(1, request()));
  await once(server, 'request');
  rig.edge.listener.startDraining();
  const stopped = rig.edge.listener.stop();
  const warning = await client.type(T.goaway);
  expect([warning?.payload.readUInt32BE(0), warning?.payload.readUInt32BE(4)]).toEqual([2 ** 31 - 1, 0]);
  // Sent before the warning was read: it is taken.
  client.write(headers(3, request()));
  await once(server, 'request');
  rig.edge.listener.writeLevels();
  const last = await client.until(({ type, payload }) => type === T.goaway && payload.readUInt32BE(0) === 3);
  expect(last?.payload.readUInt32BE(4)).toBe(0);
  // This one is not: the client is told by the GOAWAY that it was not.
  client.write(headers(5, request()));
  expect(await client.ping()).toBe(true);
  answer();
  expect((await client.answer(1)).body).toBe('late');
  expect((await client.answer(3)).body).toBe('late');
  await client.close();
  await stopped;
  expect(client.frames.some(({ id }) => id === 5)).toBe(false);
});

test('a reload in the middle of a stream: it ends as it began, the next one goes by the new file, and the connection stays', async () => {
  const { port, server, answer } = await slowOrigin();
  const next = await startOrigin('two');
  const yamlOf = (endpoint: number): string => `version: 1
edge: { id: test, region: aws/us-east-1, workers: 1, drain: 0s, listeners: [{ listen: "127.0.0.1:0", http2: h2c }] }
admin: { listen: "127.0.0.1:0" }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${endpoint}" }] } }
`;
  const edge = await running(yamlOf(port));
  const client = startRaw(edge.edge.port);
  const heard = new Promise<void>((resolve) => server.on('request', ({ url }) => url === '/under-way' && resolve()));
  client.write(headers(1, request({ ':path': '/under-way' })));
  await heard;
  edge.write(yamlOf(next.port));
  await expect.poll(() => edge.events.filter(({ type }) => type === 'reloaded').length, { timeout: 15_000 }).toBe(1);
  client.write(headers(3, request({ ':path': '/after' })));
  expect(await client.answer(3)).toMatchObject({ status: '200', body: 'two' });
  expect(client.frames.some(({ id, type }) => id === 1 || type === T.goaway)).toBe(false);
  answer();
  expect(await client.answer(1)).toMatchObject({ status: '200', body: 'late' });
  expect(await client.ping()).toBe(true);
});

test('connections and requests are counted by what clients speak', async () => {
  const { port, server, answer } = await slowOrigin();
  const rig = await startH2Rig(h2Yaml([port]));
  const [busy, idle] = [rig.raw(), rig.raw()];
  expect(await idle.ping()).toBe(true);
  busy.write(headers(1, request()), headers(3, request()));
  await once(server, 'request');
  rig.edge.listener.writeLevels();
  expect([...rig.block.http2Now]).toEqual([1, 1, 2]);
  expect([...rig.block.versions]).toEqual([0, 0, 2]);
  await expect.poll(() => (answer(), rig.records.length)).toBe(2);
  rig.edge.listener.writeLevels();
  expect([...rig.block.http2Now]).toEqual([2, 0, 0]);
});

test('an idle connection ends when the edge goes down', async () => {
  const origin = await startOrigin('one');
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const client = rig.raw();
  expect(await client.ping()).toBe(true);
  const stopped = rig.edge.listener.stop();
  await client.type(T.goaway);
  rig.edge.listener.writeLevels();
  await client.close();
  await stopped;
});

/** Frames of RFC 6455: text of fewer than 126 bytes, masked as a client has it. */
function masked(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

const UPGRADE = request(
  { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' },
  'sec-websocket-version',
  '13',
  'sec-websocket-protocol',
  'chat',
  'origin',
  'https://shop.example',
);

async function echo(): Promise<number> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`)));
  await once(sockets, 'listening');
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  return (sockets.address() as AddressInfo).port;
}

function dataOf(client: RawClient, id: number): Buffer {
  return Buffer.concat(
    client.frames.filter((one) => one.type === T.data && one.id === id).map(({ payload }) => payload),
  );
}

test('a WebSocket goes through a stream, and others beside it', async () => {
  const rig = await startH2Rig(h2Yaml([await echo()]));
  const client = rig.raw();
  expect((await client.type(T.settings))?.payload.includes(Buffer.from([0, 8, 0, 0, 0, 1]))).toBe(true);
  client.write(headers(1, UPGRADE, F.endHeaders));
  const head = await client.type(T.headers, 1);
  expect(head?.fields.slice(0, 2)).toEqual([':status: 200', 'sec-websocket-protocol: chat']);
  expect(head?.fields.some((field) => field.startsWith('sec-websocket-accept'))).toBe(false);
  for (const text of ['one', 'two']) {
    client.write(frame(T.data, 0, 1, masked(text)));
    await client.until(() => dataOf(client, 1).includes(`echo ${text}`));
  }
  expect(rig.block.openStreams[0]).toBe(1);
  client.write(headers(3, request()));
  expect((await client.answer(3)).status).toBe('426');
  // A close, answered by a close; then both sides end.
  client.write(frame(T.data, 0, 1, Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xe8])));
  await client.until(() => dataOf(client, 1).includes(Buffer.from([0x88, 2, 3, 0xe8])));
  client.write(frame(T.data, F.end, 1));
  await client.until(
    ({ type, id, flags }) => id === 1 && (type === T.rst || (type === T.data && (flags & F.end) !== 0)),
  );
  await expect.poll(() => rig.block.openStreams[0]).toBe(0);
  expect(rig.table.live.inFlight.every((count) => count === 0)).toBe(true);
});

test('an endpoint that does not want a WebSocket answers as it does', async () => {
  const origin = await startOrigin('one', (_, response) =>
    response.writeHead(401, { 'x-why': 'no' }).end('who are you?'),
  );
  const rig = await startH2Rig(h2Yaml([origin.port]));
  const client = rig.raw();
  client.write(headers(1, UPGRADE, F.endHeaders));
  const answer = await client.answer(1);
  expect(answer).toMatchObject({ status: '401', body: 'who are you?' });
  const { rawHeaders } = origin.seen[0] as (typeof origin.seen)[number];
  expect(rawHeaders).toContain('sec-websocket-key');
});

test('a client that leaves its WebSocket closes it at the endpoint', async () => {
  const left = Promise.withResolvers<void>();
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  sockets.on('connection', (socket) => socket.once('close', () => left.resolve()));
  await once(sockets, 'listening');
  onTestFinished(() => sockets.close());
  const rig = await startH2Rig(h2Yaml([(sockets.address() as AddressInfo).port]));
  const client = rig.raw();
  client.write(headers(1, UPGRADE, F.endHeaders));
  expect((await client.type(T.headers, 1))?.fields[0]).toBe(':status: 200');
  client.write(frame(T.rst, 0, 1, Buffer.from([0, 0, 0, 8])));
  await left.promise;
  await expect.poll(() => rig.table.live.inFlight.every((count) => count === 0)).toBe(true);
});
