import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { claimPort, edgeThreadCount } from '../../../src/compose/port.ts';
import { EDGE } from '../../../src/config/schema-edge.ts';
import { readWith } from '../../../src/config/zod-schema.ts';
import { WORKERS_MAX } from '../../../src/table/endpoint-table.ts';

const HOST = '127.0.0.1';

test('port 0 becomes a free one, which is free again', async () => {
  const { host, port } = await claimPort({ host: HOST, port: 0 }, 'edge.listen');
  expect(host).toBe(HOST);
  expect(port).toBeGreaterThan(0);
  expect(await claimPort({ host: HOST, port }, 'edge.listen')).toEqual({ host: HOST, port });
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
