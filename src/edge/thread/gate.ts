import type { Server, Socket } from 'node:net';
import type { DropReason } from '../../table/event.ts';
import { atEndOfTurn, startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import { guardSocket } from './guarded-socket.ts';

/** As the file has them; a reload changes them for what comes after it. */
export type GateLimits = {
  /** Connections that may carry requests. */
  readonly connectionsMax: number;
  /** Connections that are being prepared, and how long that may take from the first byte to the last. */
  readonly handshakesMax: number;
  readonly handshakeMs: number;
};

export type GateParts = {
  readonly limits: () => GateLimits;
  /** Called for every connection that ends before it could carry a request. */
  readonly dropped: (reason: DropReason) => void;
};

/** Whether connections of a server can carry requests at once, or are prepared first: by a PROXY header, a TLS handshake or both. */
export type Arrival = 'ready' | 'prepared';

/**
 * Every client connection of a thread, from accept to close, whichever listener took it; holds them to their limits.
 *
 * Connections that are being prepared have a limit of their own, in number and in time, so that clients who open connections and
 * say nothing take no place of others. When there are too many, it is the oldest that goes: a real handshake takes two round
 * trips, a silent one the whole time that it is given. (Node's own `handshakeTimeout` starts anew with every byte.)
 */
export class Gate {
  readonly #limits: GateParts['limits'];
  readonly #dropped: GateParts['dropped'];
  readonly #preparing: Preparing;
  readonly #servers: { readonly server: Server; readonly arrival: Arrival }[] = [];
  readonly #sockets = new Set<Socket>();
  /** Those that may carry requests, by the connection under TLS where there is any. */
  readonly #ready = new Set<Socket>();

  constructor({ limits, dropped }: GateParts) {
    this.#limits = limits;
    this.#dropped = dropped;
    this.#preparing = new Preparing(limits, dropped);
  }

  /** Connections that may carry requests; those that are being prepared are not among them. */
  get open(): number {
    return this.#ready.size;
  }

  /** Connections that are being prepared. */
  get handshaking(): number {
    return this.#preparing.size;
  }

  /** Takes every connection of this server. */
  guard(server: Server, arrival: Arrival): void {
    this.#servers.push({ server, arrival });
    this.follow();
    // The runtime closes what comes above `maxConnections` before it makes a socket of it.
    server.on('drop', () => this.#dropped('limit'));
    // An accept that fails is no reason to stop listening, and without a listener it would end the thread.
    server.on('error', () => {
      if (server.listening) this.#dropped('no-descriptors');
    });
  }

  /** A connection has been accepted. False when there was no room for it: then it is gone. */
  enter(socket: Socket, arrival: Arrival): boolean {
    guardSocket(socket);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#ready.delete(socket);
      // The TLS connection on it tells a little later why it has ended.
      atEndOfTurn(this.#broken, socket);
    });
    if (arrival === 'ready') return this.#admit(socket);
    this.#preparing.begin(socket);
    return true;
  }

  /** It can carry requests from now on, which are read from `socket`. False when there was no room for it: then it is gone. */
  ready(raw: Socket, socket: Socket): boolean {
    this.#preparing.done(raw);
    if (!this.#admit(raw)) return false;
    if (socket !== raw) guardSocket(socket);
    return true;
  }

  /** It has been prepared, and has done by that what it came for. */
  leave(raw: Socket): void {
    this.#preparing.done(raw);
  }

  /** Ends a connection that has carried no request, for this reason. */
  refuse(raw: Socket, reason: DropReason): void {
    if (!this.#ready.has(raw)) return this.#preparing.giveUp(raw, reason);
    this.#dropped(reason);
    raw.destroy();
  }

  /** To be called when the limits have changed. */
  follow(): void {
    const { connectionsMax, handshakesMax } = this.#limits();
    for (const { server, arrival } of this.#servers) {
      server.maxConnections = connectionsMax + (arrival === 'prepared' ? handshakesMax + 1 : 0);
    }
  }

  /** Cuts off all of them. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  readonly #broken = (socket: Socket): void => this.#preparing.broken(socket);

  #admit(socket: Socket): boolean {
    if (this.#ready.size >= this.#limits().connectionsMax) {
      this.#dropped('limit');
      socket.destroy();
      return false;
    }
    this.#ready.add(socket);
    return true;
  }
}

/** The connections that are being prepared, the oldest first. */
class Preparing {
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
      this.giveUp(oldest, 'handshakes');
    }
    this.#timers.set(socket, startTimer(handshakeMs, this.#late, socket));
  }

  /** It can carry requests now. */
  done(socket: Socket): void {
    this.#forget(socket);
  }

  /** The connection has ended; if it could not carry requests yet, its handshake has failed. */
  broken(socket: Socket): void {
    if (this.#forget(socket)) this.#dropped('handshake-failed');
  }

  giveUp(socket: Socket, reason: DropReason): void {
    if (!this.#forget(socket)) return;
    this.#dropped(reason);
    socket.destroy();
  }

  readonly #late = (socket: Socket): void => this.giveUp(socket, 'handshake-timeout');

  #forget(socket: Socket): boolean {
    stopTimer(this.#timers.get(socket));
    return this.#timers.delete(socket);
  }
}
