import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as SecureServer, type TLSSocket } from 'node:tls';
import type { DropReason } from '../../table/event.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import { guardSocket } from './guarded-socket.ts';

/** As the file has them; a reload changes them for what comes after it. */
export type GateLimits = {
  /** Connections that may carry requests. */
  readonly connectionsMax: number;
  /** TLS handshakes under way, and how long one may take from the first byte to the last. */
  readonly handshakesMax: number;
  readonly handshakeMs: number;
};

export type GateParts = {
  readonly limits: () => GateLimits;
  /** Called for every connection that ends before it could carry a request. */
  readonly dropped: (reason: DropReason) => void;
};

/** Every client connection of a server, from accept to close. */
export type Gate = {
  /** Connections that may carry requests; those in their handshake are not among them. */
  readonly open: number;
  /** TLS handshakes under way. */
  readonly handshaking: number;
  /** To be called when the limits have changed. */
  readonly follow: () => void;
  /** Cuts off all of them. */
  readonly cut: () => void;
};

/**
 * Counts the client connections of `server` and holds them to their limits. To be put up last, when the engines listen.
 *
 * Connections in their TLS handshake have a limit of their own, in number and in time, so that clients who open connections and
 * say nothing take no place of others. When there are too many, it is the oldest that goes: a real handshake takes two round
 * trips, a silent one the whole time that it is given. (Node's own `handshakeTimeout` starts anew with every byte.)
 */
export function putUpGate(server: Server, { limits, dropped }: GateParts): Gate {
  const secure = server instanceof SecureServer;
  const handshakes = secure ? new Handshakes(limits, dropped) : undefined;
  const sockets = new Set<Socket>();
  /** Those that may carry requests: without TLS, all of them. */
  const ready = secure ? new Set<Socket>() : sockets;
  const follow = (): void => {
    const { connectionsMax, handshakesMax } = limits();
    server.maxConnections = connectionsMax + (secure ? handshakesMax + 1 : 0);
  };
  follow();
  // The runtime closes what comes above `maxConnections` before it makes a socket of it.
  server.on('drop', () => dropped('limit'));
  // An accept that fails is no reason to stop listening, and without a listener it would end the thread.
  server.on('error', () => {
    if (server.listening) dropped('no-descriptors');
  });
  server.on('connection', (socket: Socket) => {
    guardSocket(socket);
    sockets.add(socket);
    handshakes?.begin(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      ready.delete(socket);
      handshakes?.broken(socket);
    });
  });
  if (handshakes !== undefined) {
    const engines = server.listeners('secureConnection') as ((this: Server, socket: TLSSocket) => void)[];
    server.removeAllListeners('secureConnection');
    server.on('secureConnection', (socket: TLSSocket) => {
      handshakes.done(rawOf(socket));
      if (ready.size >= limits().connectionsMax) {
        dropped('limit');
        socket.destroy();
        return;
      }
      guardSocket(socket);
      ready.add(rawOf(socket));
      for (const engine of engines) engine.call(server, socket);
    });
    // Nobody could read an answer to what was no handshake.
    server.prependListener('tlsClientError', (_error, socket: TLSSocket) => socket.destroy());
  }
  return {
    get open() {
      return ready.size;
    },
    get handshaking() {
      return handshakes?.size ?? 0;
    },
    follow,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The connection under a TLS connection of a server; the runtime has no public name for it. */
function rawOf(socket: TLSSocket): Socket {
  return (socket as TLSSocket & { readonly _parent: Socket })._parent;
}

/** The connections that are in their handshake, the oldest first. */
class Handshakes {
  readonly #limits: GateParts['limits'];
  readonly #dropped: GateParts['dropped'];
  readonly #timers = new Map<Socket, Timer>();

  constructor(limits: GateParts['limits'], dropped: GateParts['dropped']) {
    this.#limits = limits;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#timers.size;
  }

  begin(socket: Socket): void {
    const { handshakesMax, handshakeMs } = this.#limits();
    for (const oldest of this.#timers.keys()) {
      if (this.#timers.size < handshakesMax) break;
      this.#giveUp(oldest, 'handshakes');
    }
    this.#timers.set(socket, startTimer(handshakeMs, this.#late, socket));
  }

  /** It can carry requests now. */
  done(socket: Socket): void {
    this.#forget(socket);
  }

  /** The connection has ended; if that was within its handshake, that has failed. */
  broken(socket: Socket): void {
    if (this.#forget(socket)) this.#dropped('handshake-failed');
  }

  readonly #late = (socket: Socket): void => this.#giveUp(socket, 'handshake-timeout');

  #giveUp(socket: Socket, reason: DropReason): void {
    if (!this.#forget(socket)) return;
    this.#dropped(reason);
    socket.destroy();
  }

  #forget(socket: Socket): boolean {
    stopTimer(this.#timers.get(socket));
    return this.#timers.delete(socket);
  }
}
