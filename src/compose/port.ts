import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { listenFault } from '../config/listen-fault.ts';
import type { EdgeSettings } from '../config/topology.ts';
import type { ListenAddress, ListenerSettings } from '../config/topology-listener.ts';
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

/** An address that is ours, and how to let go of it. */
export type Claim = { readonly address: ListenAddress; readonly release: () => void };

/**
 * Makes sure that an address is free before threads share it: with a shared port the kernel would let a second process
 * in, and each would get part of the connections. A free port that the system chose (port 0) is held until the threads listen and
 * `release` is called, or somebody else would be given it meanwhile; who asked for it does not know it yet, so nobody connects to what
 * holds it. A port that the file names is let go of at once: whoever connects must not be taken by what serves nobody. Resolves with the
 * claim; rejects with one sentence that names the key and the fix.
 */
export function claimPort({ host, port }: ListenAddress, key: string): Promise<Claim> {
  const { promise, resolve, reject } = Promise.withResolvers<Claim>();
  const holds = port === 0 && canSharePort();
  const server = createServer((socket) => void socket.destroy());
  server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(listenFault(key, { host, port }, error))));
  server.listen({ host, port, exclusive: true, reusePort: holds }, () => {
    const address = server.address();
    const claimed = typeof address === 'object' && address !== null ? address.port : port;
    const claim = { address: { host, port: claimed }, release: () => void server.close() };
    if (holds) return resolve(claim);
    server.close(() => resolve({ ...claim, release: () => {} }));
  });
  return promise;
}

/** An address for each listener, in the order of the file. */
export type Claims = { readonly addresses: readonly ListenAddress[]; readonly release: () => void };

/** Claims an address for each listener of the file; none when one cannot be had. */
export async function claimPorts(listeners: readonly ListenerSettings[]): Promise<Claims> {
  const claims: Claim[] = [];
  const release = (): void => {
    for (const claim of claims) claim.release();
  };
  try {
    for (const { name, listen } of listeners) claims.push(await claimPort(listen, keyOf(listeners, name)));
  } catch (error) {
    release();
    throw error;
  }
  return { addresses: claims.map(({ address }) => address), release };
}

function keyOf(listeners: readonly ListenerSettings[], name: string): string {
  const place = listeners.findIndex((one) => one.name === name);
  return listeners.length === 1 ? 'edge.listen' : `edge.listeners[${place}].listen`;
}

/** An address as it is written in the file: `127.0.0.1:8080`, `[::1]:8080`. */
export function listenText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
