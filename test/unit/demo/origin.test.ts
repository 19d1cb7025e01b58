import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Origin } from '../../../src/demo/origin.ts';
import { ask } from './ask.ts';

const started: Origin[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((origin) => origin.kill()));
});

async function start(delayMs = 0, port = 0): Promise<Origin> {
  const origin = new Origin({
    cloud: 'gcp',
    region: 'europe-west1',
    place: 'St. Ghislain',
    host: '127.0.0.1',
    port,
    delayMs,
  });
  started.push(origin);
  await origin.revive();
  return origin;
}

test('it says who it is, for whom it answers, and when', async () => {
  const { port } = await start();
  const headers = { 'x-forwarded-for': '133.11.0.1, 10.0.0.1' };
  const { status, body } = await ask(port, { path: '/a?b=1', headers });
  expect(status).toBe(200);
  const { time, ...rest } = JSON.parse(body) as { time: string };
  expect(rest).toEqual({
    region: 'europe-west1',
    cloud: 'gcp',
    place: 'St. Ghislain',
    path: '/a?b=1',
    client: '133.11.0.1',
  });
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000);
  expect(JSON.parse((await ask(port)).body)).toMatchObject({ client: '127.0.0.1' });
});

test('a body is read and not answered before its end', async () => {
  const { port } = await start();
  const body = 'x'.repeat(300_000);
  expect(await ask(port, { method: 'POST', path: '/up', body })).toMatchObject({ status: 200 });
  expect(await ask(port, { path: '/healthz' })).toEqual({ status: 200, body: 'ok\n' });
  expect((await ask(port, { method: 'HEAD' })).body).toBe('');
});

test('an answer takes the round trip that there would be', async () => {
  const { port } = await start(60);
  const from = performance.now();
  await ask(port);
  expect(performance.now() - from).toBeGreaterThanOrEqual(58);
});

test('killed, it resets what is open and refuses what comes; revived, it has its port again', async () => {
  const origin = await start(5000);
  const { port } = origin;
  const waiting = ask(port);
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  // Both connections have been accepted once a third one, which came after them, has been answered.
  await accepted(port);
  const reset = once(idle, 'error') as Promise<[NodeJS.ErrnoException]>;
  const broken = codeOf(waiting);
  await origin.kill();
  expect(await broken).toBe('ECONNRESET');
  expect((await reset)[0].code).toBe('ECONNRESET');
  await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(origin.state).toBe('stopped');

  const again = new Origin({ cloud: 'aws', region: 'r', place: 'p', host: '127.0.0.1', port, delayMs: 0 });
  started.push(again);
  await again.revive();
  await again.kill();
  await origin.revive();
  expect([origin.state, origin.port]).toEqual(['running', port]);
  const second = connect(port, '127.0.0.1');
  await once(second, 'connect');
  second.destroy();
});

test('killed twice or before it was started, it is just not there', async () => {
  const origin = new Origin({ cloud: 'aws', region: 'r', place: 'p', host: '127.0.0.1', port: 0, delayMs: 0 });
  await origin.kill();
  await origin.revive();
  await Promise.all([origin.kill(), origin.kill(), origin.revive(), origin.kill()]);
  expect(origin.state).toBe('stopped');
  await expect(ask(origin.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('hung, it takes requests and answers none; revived, it answers them', async () => {
  const origin = await start();
  const agent = new Agent({ keepAlive: true });
  await ask(origin.port, { agent });
  await origin.hang();
  let answered = 0;
  const count = () => {
    answered += 1;
  };
  const held = [ask(origin.port, { agent }), ask(origin.port), ask(origin.port, { path: '/healthz' })];
  for (const one of held) void one.then(count, count);
  // A connection that is made and used after them shows that theirs were taken.
  const later = connect(origin.port, '127.0.0.1');
  await once(later, 'connect');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([origin.state, answered]).toEqual(['hung', 0]);
  await origin.revive();
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
  later.destroy();
  agent.destroy();
});

test('hung and then killed, what it held is reset', async () => {
  const origin = await start();
  await origin.hang();
  const held = codeOf(ask(origin.port));
  await accepted(origin.port);
  await origin.kill();
  expect(await held).toBe('ECONNRESET');
});

test('somebody who holds its port for a moment is waited for', async () => {
  const origin = await start();
  await origin.kill();
  const other = createServer().listen(origin.port, '127.0.0.1');
  await once(other, 'listening');
  const revived = origin.revive();
  other.close();
  await revived;
  expect((await ask(origin.port)).status).toBe(200);
});

test('a port that was asked for and is taken is an error at once', async () => {
  const { port } = await start();
  await expect(start(0, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

/** How a request failed; listened for from now on. */
function codeOf(asked: Promise<unknown>): Promise<string | undefined> {
  return asked.then(
    () => 'none',
    (error: NodeJS.ErrnoException) => error.code,
  );
}

/** Resolves when connections that were made before have been accepted: the kernel hands them over in order. */
async function accepted(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // A request that is no HTTP is answered with 400 at once, however slow or hung the origin is.
  socket.write('no http\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
}
