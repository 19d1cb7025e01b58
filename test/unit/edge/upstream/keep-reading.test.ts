import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { keepReading } from '../../../../src/edge/upstream/keep-reading.ts';

/** Both ends of a connection. */
async function pair(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  if (near.connecting) await once(near, 'connect');
  far.on('error', () => {});
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

const failedWrite = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });

test('what had come before a write failed is read, and then the error is emitted', async () => {
  const { near, far } = await pair();
  let deaf = 0;
  keepReading(near, () => {
    deaf += 1;
  });
  near.destroy(failedWrite());
  near.destroy(failedWrite());
  expect([deaf, near.destroyed]).toEqual([1, false]);
  const errors: unknown[] = [];
  near.on('error', (error) => errors.push(error));
  far.write('an answer');
  near.setEncoding('latin1');
  expect(await once(near, 'data')).toEqual(['an answer']);
  await new Promise((resolve) => near.once('close', resolve));
  expect(errors).toEqual([expect.objectContaining({ syscall: 'write', code: 'EPIPE' })]);
});

test('what had been read already is emitted', async () => {
  const { near, far } = await pair();
  near.on('readable', () => {});
  far.write('an answer');
  await once(near, 'readable');
  keepReading(near);
  const told = once(near, 'readable');
  near.destroy(failedWrite());
  await told;
  expect(String(near.read())).toBe('an answer');
});

test('any other end is an end', async () => {
  const { near } = await pair();
  keepReading(near);
  near.destroy();
  expect(near.destroyed).toBe(true);
  const other = (await pair()).near;
  keepReading(other);
  other.on('error', () => {});
  other.destroy(failedWrite());
  other.destroy(new Error('no longer needed'));
  expect(other.destroyed).toBe(true);
});
