import { TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { SecureContexts } from '../../../src/edge/upstream/secure-contexts.ts';
import { openSocket } from '../../../src/health/socket.ts';
import { AUTHORITY } from './certificate.ts';
import { Origin, refusingPort } from './origin.ts';

const clock = { nowMs: () => performance.now() };
const never = new AbortController().signal;
const origins: Origin[] = [];

afterEach(async () => {
  for (const origin of origins.splice(0)) await origin.stop();
});

async function listening(made: Promise<Origin>): Promise<Origin> {
  const origin = await made;
  origins.push(origin);
  return origin;
}

const at = (port: number) => ({ host: '127.0.0.1', port });

test('the first address that can be connected to is taken, and it says which one that was', async () => {
  const [dead, good] = [await refusingPort(), await listening(Origin.tcp(() => {}))];
  const addresses = [at(dead), at(dead), at(good.port), at(dead)];
  const { socket, position } = await openSocket(
    { addresses, tls: undefined, protocols: ['http/1.1'], connectMs: 500 },
    clock,
    never,
  );
  expect([position, socket.remotePort]).toEqual([2, good.port]);
  socket.destroy();
});

test('when none can be, the last error is reported; without addresses there is one too', async () => {
  const plan = { tls: undefined, protocols: ['http/1.1'], connectMs: 500 };
  const addresses = [at(await refusingPort()), at(await refusingPort())];
  await expect(openSocket({ ...plan, addresses }, clock, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(openSocket({ ...plan, addresses: [] }, clock, never)).rejects.toThrow('no address');
});

test('each address has its own time, TLS included, and the next is tried after it', async () => {
  const [mute, good] = [await listening(Origin.tcp(() => {})), await listening(Origin.https(() => {}))];
  const tls = {
    serverName: 'shop.test',
    verifyName: undefined,
    insecure: false,
    trust: new SecureContexts().of(AUTHORITY),
  };
  const plan = { addresses: [at(mute.port), at(good.port)], tls, protocols: ['http/1.1'], connectMs: 100 };
  const { socket, position } = await openSocket(plan, clock, never);
  expect(position).toBe(1);
  expect(socket).toBeInstanceOf(TLSSocket);
  expect((socket as TLSSocket).authorized).toBe(true);
  socket.destroy();
  await expect(openSocket({ ...plan, addresses: [at(mute.port)] }, clock, never)).rejects.toMatchObject({
    code: 'CONNECT_TIMEOUT',
  });
});

test('an abort ends it while it connects, leaves no socket behind and tries no further address', async () => {
  const mute = await listening(Origin.tcp(() => {}));
  const stop = new AbortController();
  const tls = { serverName: 'shop.test', verifyName: undefined, insecure: false, trust: undefined };
  const opening = openSocket(
    { addresses: [at(mute.port), at(mute.port)], tls, protocols: ['http/1.1'], connectMs: 5000 },
    clock,
    stop.signal,
  );
  opening.catch(() => {});
  await expect.poll(() => mute.sockets.length).toBe(1);
  stop.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
  await expect.poll(() => mute.sockets.every(({ closed }) => closed)).toBe(true);
  expect(mute.sockets).toHaveLength(1);
});
