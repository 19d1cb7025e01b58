import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ask, begin, openMany } from '../../bench/clients/many.ts';
import { growthBytes } from '../../bench/clients/soak.ts';

/** Answers every request with this text, cut in two. */
async function server(answer: string): Promise<{ port: number; sources: string[] }> {
  const sources: string[] = [];
  const sockets: Socket[] = [];
  const listener = createServer((socket) => {
    sources.push(socket.remoteAddress ?? '');
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      socket.write(answer.slice(0, 20));
      setImmediate(() => socket.write(answer.slice(20)));
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return { port: (listener.address() as AddressInfo).port, sources };
}

test('many clients are open at once, each after its answer', async () => {
  const { port, sources } = await server('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
  const sockets = await openMany(port, 300, async (socket) => {
    await ask(socket, '/');
    await ask(socket, '/');
  });
  expect(sockets).toHaveLength(300);
  expect(sources).toHaveLength(300);
  expect(sockets.some((socket) => socket.closed)).toBe(false);
  for (const socket of sockets) socket.destroy();
});

test('another answer than 200 ends the opening', async () => {
  const { port } = await server('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
  await expect(openMany(port, 3, (socket) => ask(socket, '/x'))).rejects.toThrow('/x was answered with 503');
});

test('a reader that only begins has read no further than it got with the head', async () => {
  const { port } = await server(`HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n${'x'.repeat(9_000_000)}`);
  const [socket] = await openMany(port, 1, (one) => begin(one, '/'));
  expect(socket?.isPaused()).toBe(true);
  expect(socket?.bytesRead).toBeLessThan(1_000_000);
  socket?.destroy();
});

test('growth is told from what a series has settled at', () => {
  const series = (...mib: number[]) => mib.map((bytes, i) => ({ requests: (i + 1) * 100, bytes }));
  // The first fifth is a process that warms up, and one sample is as high as its garbage.
  expect(growthBytes(series(10, 50, 52, 51, 90, 51, 50, 52, 51, 51))).toBe(0);
  expect(growthBytes(series(10, 50, 60, 70, 80, 90, 100, 110, 120, 130))).toBe(60);
  expect(growthBytes(series(1, 2, 3))).toBeNaN();
});
