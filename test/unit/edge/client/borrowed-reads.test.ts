import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { borrowReads, giveBackReads } from '../../../../src/edge/client/borrowed-reads.ts';

/** Both ends of one connection. */
async function joined(): Promise<{ accepted: Socket; client: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { accepted, client };
}

test('the runtime that this is tested with lends the reads of accepted connections', async () => {
  const { accepted, client } = await joined();
  const read = Promise.withResolvers<string>();
  expect(borrowReads(accepted, (bytes, to) => read.resolve(bytes.toString('utf8', 0, to)))).toBe(true);
  client.write('hello');
  expect(await read.promise).toBe('hello');
});

test('paused, nothing is read; given back, the stream has what follows, in order', async () => {
  const { accepted, client } = await joined();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  borrowReads(accepted, (bytes, to) => {
    seen.push(bytes.toString('utf8', 0, to));
    accepted.pause();
    first.resolve();
  });
  client.write('one');
  await first.promise;
  giveBackReads(accepted);
  accepted.unshift(Buffer.from('zero '));
  let text = '';
  accepted.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  client.end(' two');
  accepted.resume();
  await once(accepted, 'end');
  expect([seen, text]).toEqual([['one'], 'zero  two']);
});

test('what was read before and put back comes first', async () => {
  const { accepted, client } = await joined();
  client.write('PROXY|one');
  await once(accepted, 'readable');
  const first = (accepted.read() as Buffer).toString();
  accepted.removeAllListeners('readable');
  accepted.unshift(Buffer.from(first.slice(6)));
  let text = '';
  const whole = Promise.withResolvers<void>();
  borrowReads(accepted, (bytes, to) => {
    text += bytes.toString('utf8', 0, to);
    if (text.endsWith('two')) whole.resolve();
  });
  client.write(' two');
  await whole.promise;
  expect(text).toBe('one two');
});

test("the end of a client's half is emitted, although its reads are borrowed", async () => {
  const { accepted, client } = await joined();
  borrowReads(accepted, () => {});
  client.end();
  await once(accepted, 'end');
  expect(accepted.destroyed || accepted.readableEnded).toBe(true);
});
