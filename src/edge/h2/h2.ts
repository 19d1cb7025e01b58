import type { WorkerBlock } from '../../table/worker-block.ts';
import type { Front } from '../client/front.ts';
import { ClientConnection } from './client-connection.ts';
import type { H2Deps } from './h2-deps.ts';
import { RequestTaker } from './request-taker.ts';

/** HTTP/2 in front: clients' connections whose first word is that of RFC 9113. */
export type H2 = Front & {
  /** Connections that it has now. */
  readonly connections: number;
  /** Tells clients that the edge goes down, at the first call; at a later one no further requests are taken, and idle connections end. */
  readonly closeIdle: () => void;
  /** Writes what changes with time into the thread's block. */
  readonly writeLevels: (block: Pick<WorkerBlock, 'http2Now'>) => void;
  readonly close: () => void;
};

/** Makes the front; it has no connection yet. */
export function startH2(deps: H2Deps): H2 {
  const taker = new RequestTaker(deps);
  const connections = new Set<ClientConnection>();
  const left = (connection: ClientConnection): void => void connections.delete(connection);
  const shared = { deps, taker, left };
  return {
    get connections() {
      return connections.size;
    },
    accept: (socket, facts) => void connections.add(new ClientConnection(shared, socket, facts)),
    closeIdle: () => {
      for (const connection of connections) connection.leave();
    },
    writeLevels: ({ http2Now }) => {
      http2Now.fill(0);
      for (const { requests } of connections) {
        const cell = requests === 0 ? 0 : 1;
        http2Now[cell] = (http2Now[cell] as number) + 1;
        http2Now[2] = (http2Now[2] as number) + requests;
      }
    },
    close: () => {
      for (const connection of connections) connection.destroy();
    },
  };
}
