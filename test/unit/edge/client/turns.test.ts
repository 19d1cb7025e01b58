import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { AHEAD_BYTES_MAX, AheadBytes } from '../../../../src/edge/client/ahead-bytes.ts';
import { afterAnswers, lastAnswer, takeTurn, WAITING_REQUEST_BYTES } from '../../../../src/edge/client/turns.ts';
import { dial, portOf, readToEnd } from '../../../support/raw-http.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A server that answers nothing by itself: `taken` are the answers that are owed, in the order in which their turns came. */
async function serve(total?: number) {
  const ahead = new AheadBytes(total);
  const taken: ServerResponse[] = [];
  const sockets: Socket[] = [];
  const server = createServer((request, response) =>
    takeTurn(ahead, request, response, () => void taken.push(response)),
  );
  server.on('connection', (socket) => sockets.push(socket));
  const socket = await dial(await portOf(server));
  return { ahead, taken, sockets, socket };
}

test('requests that come at once are taken one after the other', async () => {
  const { ahead, taken, socket } = await serve();
  socket.write(GET.repeat(3));
  await vi.waitFor(() => expect(ahead.taken).toBeGreaterThan(2 * WAITING_REQUEST_BYTES));
  expect(taken).toHaveLength(1);
  taken[0]?.end('1');
  await vi.waitFor(() => expect(taken).toHaveLength(2));
  taken[1]?.end('2');
  await vi.waitFor(() => expect(taken).toHaveLength(3));
  expect(ahead.taken).toBe(0);
});

test('thousands are answered, each in its turn, and no more is read than a connection may be ahead', async () => {
  const { ahead, taken, sockets, socket } = await serve();
  const many = 9000;
  socket.write(GET.repeat(many - 1) + GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  const answers = readToEnd(socket);
  let answered = 0;
  await vi.waitFor(() => expect(sockets[0]?.isPaused()).toBe(true));
  expect(taken).toHaveLength(1);
  // One read of 64 KiB is what it may be over.
  expect(ahead.taken).toBeLessThan(AHEAD_BYTES_MAX + 2 * ((64 * 1024) / GET.length) * (WAITING_REQUEST_BYTES + 64));
  await vi.waitFor(
    async () => {
      while (answered < taken.length) {
        expect(taken.length - answered).toBe(1);
        taken[answered]?.end(String(answered));
        answered += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(answered).toBe(many);
    },
    { timeout: 20_000, interval: 1 },
  );
  expect((await answers).match(/HTTP\/1\.1 200/g)).toHaveLength(many);
  expect(ahead.taken).toBe(0);
}, 30_000);

test('without room in all, the connection ends behind the last request that there was room for', async () => {
  const { ahead, taken, socket } = await serve(2 * (WAITING_REQUEST_BYTES + 50));
  socket.write(GET.repeat(9));
  const answers = readToEnd(socket);
  for (let i = 0; i < 3; i += 1) {
    await vi.waitFor(() => expect(taken).toHaveLength(i + 1));
    taken[i]?.end(String(i));
  }
  const text = await answers;
  expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  expect(text).toMatch(/Connection: close\r\n[^]*2$/);
  expect(ahead.taken).toBe(0);
});

test('a client that leaves gives back what waited', async () => {
  const { ahead, taken, socket } = await serve();
  socket.write(GET.repeat(3));
  await vi.waitFor(() => expect(ahead.taken).toBeGreaterThan(0));
  socket.destroy();
  await vi.waitFor(() => expect(ahead.taken).toBe(0));
  expect(taken).toHaveLength(1);
});

test('what is to come after all answers waits for those that wait', async () => {
  const { taken, sockets, socket } = await serve();
  socket.write(GET.repeat(2));
  await vi.waitFor(() => expect(taken).toHaveLength(1));
  const done: string[] = [];
  afterAnswers(sockets[0] as Socket, () => done.push('after'));
  expect(lastAnswer(sockets[0] as Socket)).not.toBe(taken[0]);
  taken[0]?.end();
  await vi.waitFor(() => expect(taken).toHaveLength(2));
  expect(done).toEqual([]);
  taken[1]?.end();
  await vi.waitFor(() => expect(done).toEqual(['after']));
  expect(lastAnswer(sockets[0] as Socket)).toBeUndefined();
});
