import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LINGER_BYTES_MAX, LINGER_MS } from '../../../../src/edge/client/lingering.ts';
import { endLingering } from '../../../../src/edge/client/lingering-end.ts';
import { dial, readToEnd } from '../../../support/raw-http.ts';

/** Both ends of a connection. */
async function joined(): Promise<{ readonly accepted: Socket; readonly client: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const accepting = once(server, 'connection');
  const client = await dial((server.address() as { port: number }).port);
  const [accepted] = (await accepting) as [Socket];
  return { accepted, client };
}

test('a client that is in the middle of sending reads its answer', async () => {
  const { accepted, client } = await joined();
  const piece = Buffer.alloc(1024 * 1024);
  for (let i = 0; i < 32; i += 1) client.write(piece);
  await once(accepted, 'data');
  accepted.pause();
  accepted.write('answer');
  endLingering(accepted);
  expect(await readToEnd(client)).toBe('answer');
});

test('a client that is silent is let go of', async () => {
  const { accepted } = await joined();
  const closed = once(accepted, 'close');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const waits = vi.spyOn(accepted, 'setTimeout');
  endLingering(accepted);
  await once(accepted, 'finish');
  expect(waits).toHaveBeenCalledWith(LINGER_MS);
  accepted.emit('timeout');
  await closed;
});

test('a client that never stops is cut off', async () => {
  const { accepted } = await joined();
  endLingering(accepted);
  accepted.emit('data', { length: LINGER_BYTES_MAX + 1 });
  expect(accepted.destroyed).toBe(true);
});
