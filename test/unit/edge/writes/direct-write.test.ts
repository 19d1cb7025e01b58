import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { writeText } from '../../../../src/edge/writes/direct-write.ts';

/** Both ends of one connection; nobody reads of `far` yet. */
async function joined(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  if (near.connecting) await once(near, 'connect');
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

async function allOf(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('latin1');
}

test('with the runtime that this is tested with, a write that the kernel takes passes the stream by', async () => {
  const { near, far } = await joined();
  const write = vi.spyOn(near, 'write');
  expect(writeText(near, 'caf\u00e9 ')).toBe(true);
  expect(writeText(near, 'au lait')).toBe(true);
  expect(write).not.toHaveBeenCalled();
  expect(near.writableLength).toBe(0);
  near.end();
  expect(await allOf(far)).toBe('caf\u00e9 au lait');
});

test('what the kernel does not take is a write of the stream: it has its length, waits for its turn, and says when it is done', async () => {
  const { near, far } = await joined();
  const sent: string[] = [];
  const drained = once(near, 'drain');
  for (let i = 0; !near.writableNeedDrain; i += 1) {
    const text = `${i} `.padEnd(10_000, String.fromCharCode(97 + (i % 26)));
    expect(writeText(near, text)).toBe(!near.writableNeedDrain);
    sent.push(text);
    expect(i).toBeLessThan(10_000);
  }
  expect(near.writableLength).toBeGreaterThan(0);
  // Behind one that waits, others wait.
  expect(writeText(near, 'more')).toBe(false);
  const all = allOf(far);
  await drained;
  expect(near.writableLength).toBe(0);
  expect(writeText(near, ' and the rest')).toBe(true);
  near.end();
  expect(await all).toBe(`${sent.join('')}more and the rest`);
});

test('a write that fails is an error of the stream, as any other', async () => {
  const { near, far } = await joined();
  far.resetAndDestroy();
  const failed = once(near, 'error');
  // The reset is seen by the first write after it has come, or by a read before.
  const timer = setInterval(() => writeText(near, 'x'), 1);
  onTestFinished(() => clearInterval(timer));
  const [error] = (await failed) as [NodeJS.ErrnoException];
  expect(error.code).toMatch(/^(ECONNRESET|EPIPE)$/);
  expect(near.destroyed).toBe(true);
});

test('a failure that the write itself meets is reported with its call', async () => {
  const { near } = await joined();
  const failed = once(near, 'error');
  const { _handle: handle } = near as unknown as { _handle: { writeLatin1String: unknown } };
  handle.writeLatin1String = () => -32;
  writeText(near, 'x');
  expect((await failed)[0]).toMatchObject({ code: 'EPIPE', syscall: 'write' });
});

test('one that has ended, is corked or not connected yet is left to the stream', async () => {
  const { near, far } = await joined();
  near.cork();
  writeText(near, 'first ');
  expect(near.writableLength).toBe(6);
  near.uncork();
  writeText(near, 'then');
  near.end();
  const errors: unknown[] = [];
  near.on('error', (error) => errors.push(error));
  expect(writeText(near, 'too late')).toBe(false);
  expect(await allOf(far)).toBe('first then');
  expect(errors).toMatchObject([{ code: 'ERR_STREAM_WRITE_AFTER_END' }]);
});
