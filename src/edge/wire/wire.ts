import { factsOf } from '../client/connection-facts.ts';
import type { Front } from '../client/front.ts';
import { ClientConnection } from './client/client-connection.ts';
import type { WireDeps } from './wire-deps.ts';

/** The accelerator in front of the general engine: plain HTTP/1.1 at the cost of reading and writing it. */
export type Wire = Front & {
  /** Connections that it has now. */
  readonly connections: number;
  /** Closes the connections that carry no request; one that never has, at the second call, since its first may be on the way. */
  readonly closeIdle: () => void;
  readonly close: () => void;
};

/** Starts the wire engine. Connections are read by it first; what it does not take, `general` gets as if nobody had read it. */
export function startWire(general: Front, deps: Omit<WireDeps, 'handOver'>): Wire {
  const connections = new Set<ClientConnection>();
  const spared = new WeakSet<ClientConnection>();
  const all: WireDeps = {
    ...deps,
    handOver: (socket, state) => {
      deps.handedOver(state);
      general.accept(socket, factsOf(socket));
    },
  };
  const left = (connection: ClientConnection): void => void connections.delete(connection);
  return {
    accept: (socket, facts) => {
      if (deps.accelerates()) connections.add(new ClientConnection(all, socket, left));
      else general.accept(socket, facts);
    },
    get connections() {
      return connections.size;
    },
    closeIdle: () => {
      for (const connection of connections) {
        if (!connection.idle) continue;
        if (connection.fresh && !spared.has(connection)) spared.add(connection);
        else connection.destroy();
      }
    },
    close: () => {
      for (const connection of connections) connection.destroy();
    },
  };
}
