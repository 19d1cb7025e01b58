import type { Server } from 'node:http';
import type { ListenAddress } from '../../config/topology.ts';
import { LoopDelay } from '../../table/loop-delay.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';
import type { Streams } from '../upgrade/splice.ts';
import type { Wire } from '../wire/wire.ts';
import type { Gate } from './gate.ts';

/** The backlog of connections that the kernel keeps for us to accept. */
export const BACKLOG = 4096;

/** A server and its connections, from the first to the last. */
export type Listener = {
  /** True once connections should be closed after the answer they are now busy with. */
  readonly draining: boolean;
  /** Rejects when the address cannot be had. Resolves with the port. */
  readonly listen: (address: ListenAddress, reusePort: boolean) => Promise<number>;
  /** From now on every answer closes its connection. New connections are still taken. */
  readonly startDraining: () => void;
  /** Takes no more connections; resolves when the last one has gone. */
  readonly stop: () => Promise<void>;
  /** Cuts off whatever is left. */
  readonly cut: () => void;
  /** Writes what changes with time into the thread's block. */
  readonly sample: () => void;
};

export type ListenerParts = {
  readonly streams: Streams;
  readonly block: WorkerBlock;
  /** The engine in front of the server, which has idle connections of its own. */
  readonly wire: Pick<Wire, 'closeIdle'> | undefined;
  readonly gate: Pick<Gate, 'open' | 'handshaking' | 'cut'>;
  /** Called when a connection could not be taken, most likely for want of descriptors. */
  readonly notTaken?: (code: string) => void;
};

export function listener(server: Server, { streams, block, wire, gate, notTaken }: ListenerParts): Listener {
  const delay = new LoopDelay();
  let draining = false;
  const closeIdle = (): void => {
    server.closeIdleConnections();
    wire?.closeIdle();
  };
  // Nobody's connection is at fault for it, and no other one is to end with it.
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (server.listening) notTaken?.(error.code ?? error.message);
  });
  return {
    get draining() {
      return draining;
    },
    listen: (address, reusePort) => listen(server, address, reusePort),
    startDraining: () => {
      draining = true;
    },
    stop: () => {
      draining = true;
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      closeIdle();
      return promise;
    },
    cut: () => {
      for (const stream of streams) stream.end();
      gate.cut();
      delay.close();
    },
    sample: () => {
      block.connections[0] = gate.open;
      block.handshakes[0] = gate.handshaking;
      block.loopLagMs[0] = delay.read().p99Ms;
      // A connection that went idle after its last answer would wait for the client to use it again.
      if (draining) closeIdle();
    },
  };
}

function listen(server: Server, { host, port }: ListenAddress, reusePort: boolean): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen({ host, port, reusePort, exclusive: true, backlog: BACKLOG }, () => {
    server.off('error', reject);
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : port);
  });
  return promise;
}
