import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { BODY_BYTES_MAX, type CheckProgress, UndiciConnection } from '../../../src/health/undici.ts';
import { systemClock } from '../../../src/table/system-clock.ts';
import { Origin } from './origin.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A connection to an origin that writes `answer` for each request, in pieces if it is a list. */
async function connectionTo(...answer: readonly (string | Buffer)[]) {
  let connects = 0;
  const origin = await Origin.tcp((socket) => socket.on('data', () => answer.forEach((piece) => socket.write(piece))));
  const settings = {
    protocol: 'http',
    keepAliveMs: 60_000,
    connect: () => {
      connects += 1;
      const socket = connect(origin.port, '127.0.0.1');
      return new Promise<typeof socket>((resolve) => socket.once('connect', () => resolve(socket)));
    },
  } as const;
  const connection = new UndiciConnection(settings, systemClock(0));
  closing.push(
    () => connection.destroy(new Error('the test is over')),
    () => origin.stop(),
  );
  return { connection, origin, connects: () => connects };
}

const fresh = (): CheckProgress => ({
  phase: 'connecting',
  status: undefined,
  latencyMs: undefined,
  connectMs: undefined,
});

test('a check is filled in, and its connection serves the next one', async () => {
  const { connection, connects } = await connectionTo('HTTP/1.1 204 No Content\r\n\r\n');
  const [first, second] = [fresh(), fresh()];
  await connection.get('/', 'a', first);
  await connection.get('/', 'a', second);
  expect(first).toMatchObject({ phase: 'done', status: 204 });
  expect(first.connectMs).toBeGreaterThan(0);
  expect(first.latencyMs).toBeGreaterThan(0);
  expect(second).toMatchObject({ phase: 'done', status: 204, connectMs: undefined });
  expect(connects()).toBe(1);
});

test('an informational answer is not the answer', async () => {
  const { connection } = await connectionTo(
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
    'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
  );
  const noted: unknown[] = [];
  const progress: CheckProgress = {
    ...fresh(),
    set status(status: number | undefined) {
      noted.push(status);
    },
  };
  await connection.get('/', 'a', progress);
  expect(noted).toEqual([500]);
});

test.each([
  ['a body of just the limit is read to its end, and the connection kept', BODY_BYTES_MAX, 1],
  ['a longer one is dropped, and its connection with it', BODY_BYTES_MAX + 1, 2],
])('%s', async (_, bytes, connections) => {
  const { connection, connects } = await connectionTo(
    `HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`,
    Buffer.alloc(bytes),
  );
  const progress = fresh();
  await connection.get('/', 'a', progress);
  await connection.get('/', 'a', fresh());
  expect(progress).toMatchObject({ phase: 'done', status: 200 });
  expect(connects()).toBe(connections);
});

test('destroying it makes an open check fail, and says how far it had got', async () => {
  const { connection, origin } = await connectionTo('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal');
  const progress = fresh();
  const getting = connection.get('/', 'a', progress);
  getting.catch(() => {});
  await expect.poll(() => progress.phase).toBe('body');
  connection.destroy(new Error('enough'));
  await expect(getting).rejects.toThrow('enough');
  await expect.poll(() => origin.sockets[0]?.readableEnded ?? false).toBe(true);
});

test('what cannot be connected to is reported with the error of the socket', async () => {
  const connection = new UndiciConnection(
    { protocol: 'http', keepAliveMs: 1000, connect: () => Promise.reject(new Error('no way')) },
    systemClock(0),
  );
  closing.push(() => connection.destroy(new Error('the test is over')));
  const progress = fresh();
  await expect(connection.get('/', 'a', progress)).rejects.toThrow('no way');
  expect(progress).toEqual(fresh());
});
