import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { lookAtFirst } from '../../../../src/edge/thread/first-bytes.ts';
import { dial, portOf, readToEnd } from '../../../support/raw-http.ts';

/** Looks for a line, takes it, and answers with it and with what comes behind it. */
const lines = (bytesMax = 20) =>
  createServer((socket: Socket) => {
    socket.on('error', () => {});
    lookAtFirst(
      socket,
      (bytes) => {
        const end = bytes.indexOf('\n');
        return end === -1 ? 'incomplete' : { found: bytes.toString('utf8', 0, end), taken: end + 1 };
      },
      {
        bytesMax,
        found: (line) => {
          socket.write(`[${line}]`);
          socket.on('data', (bytes: Buffer) => socket.end(bytes));
        },
        over: () => socket.end('over'),
      },
    );
  });

test('what is taken is gone, and the rest is there for who comes next', async () => {
  const socket = await dial(await portOf(lines()));
  socket.write('hello\nrest');
  expect(await readToEnd(socket)).toBe('[hello]rest');
});

test('it may come in pieces, and the rest later', async () => {
  const socket = await dial(await portOf(lines()));
  for (const piece of ['he', 'l', 'lo\n']) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [said] = (await once(socket, 'data')) as [Buffer];
  expect(String(said)).toBe('[hello]');
  socket.write('rest');
  expect(await readToEnd(socket)).toBe('rest');
});

test('too much without it is the end', async () => {
  const socket = await dial(await portOf(lines(20)));
  socket.write('x'.repeat(21));
  expect(await readToEnd(socket)).toBe('over');
});

test('a client that ends before is let go of', async () => {
  const server = lines();
  const gone = vi.fn<() => void>();
  server.on('connection', (socket: Socket) => socket.on('close', gone));
  const socket = await dial(await portOf(server));
  socket.end('hel');
  await vi.waitFor(() => expect(gone).toHaveBeenCalled());
});
