import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { expect, onTestFinished, test, vi } from 'vitest';
import { claimPort, claimPorts, edgeThreadCount } from '../../../src/compose/port.ts';
import { EDGE } from '../../../src/config/schema-edge.ts';
import { readWith } from '../../../src/config/zod-schema.ts';
import { WORKERS_MAX } from '../../../src/table/endpoint-table.ts';

import { topologyOf } from '../../support/topology.ts';

const HOST = '127.0.0.1';

const claimed = async (port: number) => {
  const claim = await claimPort({ host: HOST, port }, 'edge.listen');
  onTestFinished(claim.release);
  return claim;
};

test('port 0 becomes a free one', async () => {
  const { address } = await claimed(0);
  expect(address).toEqual({ host: HOST, port: expect.any(Number) as number });
  expect(address.port).toBeGreaterThan(0);
});

test.skipIf(process.platform !== 'linux')(
  'it is held until it is released, for threads that share it and nobody else',
  async () => {
    const { address, release } = await claimed(0);
    const { port } = address;
    await expect(claimPort({ host: HOST, port }, 'edge.listen')).rejects.toThrow('is in use');
    const thread = createServer().listen({ host: HOST, port, reusePort: true });
    await once(thread, 'listening');
    thread.close();
    await once(thread, 'close');
    release();
    await vi.waitFor(async () => expect((await claimed(port)).address.port).toBe(port));
  },
);

test('of several listeners, each is claimed, and none is kept when one cannot be had', async () => {
  const { edge } = topologyOf(`version: 1
edge: { listeners: [{ name: a, listen: "127.0.0.1:0" }, { name: b, listen: "192.0.2.1:0" }] }
services: { s: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://a" }] } }`);
  await expect(claimPorts(edge.listeners)).rejects.toThrow('edge.listeners[1].listen: 192.0.2.1 is not an address');
  const claims = await claimPorts(edge.listeners.slice(0, 1));
  expect(claims.addresses).toEqual([{ host: HOST, port: expect.any(Number) as number }]);
  claims.release();
});

test('a port in use is reported in one sentence', async () => {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await expect(claimPort({ host: HOST, port }, 'edge.listen')).rejects.toThrow(
      `edge.listen: 127.0.0.1:${port} is in use by another process; stop it or choose another port`,
    );
  } finally {
    server.close();
  }
});

test('so is one that is shared by whoever asks for it', async () => {
  const server = createServer().listen({ port: 0, host: HOST, reusePort: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await expect(claimPort({ host: HOST, port }, 'edge.listen')).rejects.toThrow('is in use');
  } finally {
    server.close();
  }
});

test('an address that is not this machine’s is reported', async () => {
  await expect(claimPort({ host: '192.0.2.1', port: 0 }, 'admin.listen')).rejects.toThrow(
    'admin.listen: 192.0.2.1 is not an address of this machine; 0.0.0.0 listens on all',
  );
});

test('there are as many threads as the file says, or one per core, where ports can be shared', () => {
  if (process.platform !== 'linux') return;
  expect(edgeThreadCount(3)).toBe(3);
  expect(edgeThreadCount('auto')).toBe(Math.min(WORKERS_MAX, availableParallelism()));
  expect(edgeThreadCount(1000)).toBe(WORKERS_MAX);
});

test('the file may ask for as many threads as there can be, and no more', () => {
  const faults = (workers: number) => readWith(EDGE.schema, { workers });
  expect(faults(WORKERS_MAX)).toHaveProperty('value');
  expect(faults(WORKERS_MAX + 1)).toHaveProperty('faults');
});
