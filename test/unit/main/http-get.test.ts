import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpGet } from '../../../src/main/http-get.ts';

async function answering(...parts: readonly string[]): Promise<URL> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      for (const part of parts) socket.write(part);
      if (parts.length > 0) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
}

test('status and body of an answer', async () => {
  const url = await answering('HTTP/1.1 503 Service Unavailable\r\nContent-Le', 'ngth: 4\r\n\r\nno', '\r\n');
  expect(await httpGet(url, 1000)).toEqual({ status: 503, body: 'no\r\n' });
});

test.each([
  [['SSH-2.0\r\n'], 'it does not speak HTTP'],
  [['HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(70_000)], 'its answer is too long'],
  [[], 'no answer within 0.05 s'],
])('%#: %s', async (parts, message) => {
  await expect(httpGet(await answering(...parts), 50)).rejects.toThrow(message);
});

test('a port that nobody listens on is refused, and said so', async () => {
  await expect(httpGet(new URL('http://127.0.0.1:9/'), 1000)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
