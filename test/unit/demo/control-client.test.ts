import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { demoRuns, TIMEOUT_MS, tellDemo } from '../../../src/demo/control-client.ts';
import { ControlServer } from '../../../src/demo/control-server.ts';
import { parseTarget, type Target } from '../../../src/demo/target.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const gcp = parseTarget('gcp/europe-west1') as Target;

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('a running demo takes an order, and answers with a sentence', async () => {
  const server = await ControlServer.start('t', async (verb, { name }) => `${verb} ${name}`);
  closing.push(() => server.close());
  const file = { pid: 1, port: server.port, token: 't' };
  expect(await demoRuns(file)).toBe(true);
  expect(await tellDemo(file, 'hang', gcp)).toEqual({ ok: true, message: 'hang gcp/europe-west1' });
});

test('what does not work there is reported', async () => {
  const server = await ControlServer.start('t', async () => {
    throw new Error('no port');
  });
  closing.push(() => server.close());
  expect(await tellDemo({ pid: 1, port: server.port, token: 't' }, 'kill', gcp)).toEqual({
    ok: false,
    message: 'no port',
  });
});

test('a demo that has another token is another demo', async () => {
  const server = await ControlServer.start('t', async () => '');
  closing.push(() => server.close());
  const file = { pid: 1, port: server.port, token: 'old' };
  expect(await demoRuns(file)).toBe(false);
  expect(await tellDemo(file, 'kill', gcp)).toBe('nobody');
});

test('nobody there, and somebody there who is no demo, are no demo', async () => {
  const gone = createTcpServer();
  const port = await listening(gone);
  gone.close();
  expect(await tellDemo({ pid: 1, port, token: 't' }, 'kill', gcp)).toBe('nobody');

  for (const body of ['hello', '{}', 'null', '{"demo":true}', 'x'.repeat(1_000_000)]) {
    const other = await listening(createServer((_, response) => response.end(body)));
    expect(await demoRuns({ pid: 1, port: other, token: 't' }), body.slice(0, 20)).toBe(false);
  }
  const silent = await listening(createTcpServer((socket) => socket.destroy()));
  expect(await demoRuns({ pid: 1, port: silent, token: 't' })).toBe(false);
});

test('somebody who accepts and says nothing is there: the file is not to be taken from it', async () => {
  const port = await listening(createTcpServer(() => {}));
  const fromMs = performance.now();
  const file = { pid: 1, port, token: 't' };
  const [told, runs] = await Promise.all([tellDemo(file, 'kill', gcp), demoRuns(file)]);
  expect([told, runs]).toEqual(['silent', true]);
  expect(performance.now() - fromMs).toBeLessThan(TIMEOUT_MS + 10_000);
});
