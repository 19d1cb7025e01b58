import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ClientConnection } from './client/client-connection.ts';
import type { WireDeps } from './wire-deps.ts';

/** The accelerator in front of the general engine: plain HTTP/1.1 at the cost of reading and writing it. */
export type Wire = {
  /** Connections that it has now. */
  readonly connections: number;
  /** Closes the connections that carry no request; one that never has, at the second call, since its first may be on the way. */
  readonly closeIdle: () => void;
  readonly close: () => void;
};

/**
 * Puts the wire engine in front of `server`: every connection is read by it first, and what it does not take the server gets as
 * if nobody had read it. (Node's HTTP server takes a connection that it did not accept itself, through the listener of its own
 * `connection` event, or `secureConnection` with TLS.)
 */
export function startWire(server: Server, secure: boolean, deps: Omit<WireDeps, 'handOver'>): Wire {
  const event = secure ? 'secureConnection' : 'connection';
  const general = server.listeners(event) as ((this: Server, socket: Socket) => void)[];
  const connections = new Set<ClientConnection>();
  const spared = new WeakSet<ClientConnection>();
  const pass = (socket: Socket): void => {
    for (const listener of general) listener.call(server, socket);
  };
  const all: WireDeps = {
    ...deps,
    handOver: (socket, state) => {
      deps.handedOver(state);
      pass(socket);
    },
  };
  const left = (connection: ClientConnection): void => void connections.delete(connection);
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    if (deps.accelerates()) connections.add(new ClientConnection(all, socket, left));
    else pass(socket);
  });
  return {
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
