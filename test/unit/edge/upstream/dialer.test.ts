import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { DeadAddresses } from '../../../../src/edge/upstream/dead-addresses.ts';
import { Dialer } from '../../../../src/edge/upstream/dialer.ts';
import { SecureContexts } from '../../../../src/edge/upstream/secure-contexts.ts';
import type { Address } from '../../../../src/table/addresses.ts';
import { makeCertificates } from '../../../support/certificates.ts';
import { topologyOf } from '../../../support/topology.ts';

function dialerTo(url: string, reach: { addresses?: readonly Address[]; ca?: string } = {}) {
  const [service] = topologyOf(
    `version: 1\nservices: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "${url}" }] } }`,
  ).services;
  const clock = { nowMs: () => performance.now() };
  const now = { addresses: reach.addresses };
  const deps = {
    reach: { addresses: () => now.addresses, authorities: () => reach.ca, clientPair: () => undefined },
    contexts: new SecureContexts(),
    dead: new DeadAddresses(clock),
    clock,
  };
  return { now, dialer: new Dialer(deps, service!, service!.endpoints[0]!) };
}

async function dialled(dialer: Dialer): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const open = (address: Address) => {
    const socket = dialer.socket(address);
    return { socket, destroy: () => void socket.destroy() };
  };
  dialer.dial(open, { dialled: ({ socket }) => resolve(socket), notDialled: reject });
  const socket = await promise;
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

test('without addresses from discovery the host of the endpoint is where it goes', async () => {
  const port = await listening(createServer());
  const { dialer, now } = dialerTo(`http://127.0.0.1:${port}`, { addresses: [] });
  expect(dialer.addresses).toEqual([{ host: '127.0.0.1', port }]);
  expect((await dialled(dialer)).remotePort).toBe(port);
  now.addresses = [{ host: '127.0.0.2', port: 81 }];
  expect(dialer.leadsThere({ host: '127.0.0.2', port: 81 })).toBe(true);
  expect(dialer.leadsThere({ host: '127.0.0.1', port })).toBe(false);
});

test('addresses share the connections', async () => {
  const ports = [await listening(createServer()), await listening(createServer())];
  const { dialer } = dialerTo('http://shop.test', { addresses: ports.map((port) => ({ host: '127.0.0.1', port })) });
  const reached = [await dialled(dialer), await dialled(dialer), await dialled(dialer)].map((one) => one.remotePort);
  expect(reached).toEqual([ports[0], ports[1], ports[0]]);
});

test('the second TLS connection resumes the session of the first', async () => {
  const { ca, cert, key } = makeCertificates();
  const server = createTlsServer({ cert, key }, (socket) => void socket.end('hello'));
  const port = await listening(server);
  const { dialer } = dialerTo(`https://127.0.0.1:${port}`, { ca });
  const first = (await dialled(dialer)) as TLSSocket;
  expect(first.isSessionReused()).toBe(false);
  first.resume();
  await once(first, 'end');
  const second = (await dialled(dialer)) as TLSSocket;
  expect(second.isSessionReused()).toBe(true);
  expect(second.authorized).toBe(true);
});

test('a socket that nobody can vouch for is not dialled', async () => {
  const { cert, key } = makeCertificates();
  const port = await listening(createTlsServer({ cert, key }));
  await expect(dialled(dialerTo(`https://127.0.0.1:${port}`).dialer)).rejects.toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
});
