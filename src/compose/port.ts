import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { addressText } from '../config/authority.ts';
import type { EdgeSettings, ListenAddress } from '../config/topology.ts';
import { WORKERS_MAX } from '../table/endpoint-table.ts';

/** Where several threads can listen on one port, and the kernel spreads connections over them. */
const REUSE_PORT_PLATFORMS: readonly NodeJS.Platform[] = ['linux', 'freebsd', 'aix', 'sunos'];

/** Whether several threads can listen on one port here. */
export function canSharePort(): boolean {
  return REUSE_PORT_PLATFORMS.includes(process.platform);
}

/** How many edge threads there will be: one per core unless set, and one where a port cannot be shared. */
export function edgeThreadCount(workers: EdgeSettings['workers']): number {
  if (!canSharePort()) return 1;
  return Math.min(WORKERS_MAX, workers === 'auto' ? availableParallelism() : workers);
}

/**
 * Makes sure that an address is free before threads share it: with a shared port the kernel would let a second process
 * in, and each would get part of the connections. Resolves with the port (a free one for port 0); rejects with one
 * sentence that names the key and the fix.
 */
export function claimPort({ host, port }: ListenAddress, key: string): Promise<ListenAddress> {
  const { promise, resolve, reject } = Promise.withResolvers<ListenAddress>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(sentence(error, { host, port }, key))));
  server.listen({ host, port, exclusive: true }, () => {
    const address = server.address();
    const claimed = typeof address === 'object' && address !== null ? address.port : port;
    server.close(() => resolve({ host, port: claimed }));
  });
  return promise;
}

function sentence(error: NodeJS.ErrnoException, { host, port }: ListenAddress, key: string): string {
  const address = addressText(host, port);
  switch (error.code) {
    case 'EADDRINUSE':
      return `${key}: ${address} is in use by another process; stop it or choose another port`;
    case 'EACCES':
      return `${key}: ${address} may not be listened on; choose a port above 1023 or grant CAP_NET_BIND_SERVICE`;
    case 'EADDRNOTAVAIL':
      return `${key}: ${host} is not an address of this machine; 0.0.0.0 listens on all`;
    default:
      return `${key}: ${address} cannot be listened on: ${error.message}`;
  }
}

/** An address as it is written in the file: `127.0.0.1:8080`, `[::1]:8080`. */
export function listenText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
