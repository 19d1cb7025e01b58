import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Fault } from '../../../resilience/fault.ts';
import type { Address } from '../../../table/addresses.ts';
import type { Random } from '../../../table/clock.ts';
import { atEndOfTurn } from '../../../table/timers.ts';
import { connectFaultOf } from '../connect-fault.ts';
import { connectionAgeMs } from '../connection-age.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import type { Dialer } from '../dialer.ts';
import type { Becomes, ConnectHandler, UpstreamPool } from '../pool.ts';
import type { Upstream } from '../upstream.ts';
import { type ConnectionHome, MultiplexedConnection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { FirstRead } from './first-read.ts';
import { ALPN } from './limits.ts';
import { TunnelPool } from './tunnel-pool.ts';
import { type Dialling, Waiting } from './waiting.ts';

/** Connections of a thread to one endpoint; when all of them are full, requests wait as long as they would for a connection. */
export const CONNECTIONS_MAX = 8;

export type MultiplexedPoolDeps = ConnectionDeps & { readonly random: Random };

/** A socket on its way, and what will read it. */
type Opening = {
  readonly address: Address;
  readonly socket: Socket;
  readonly destroy: () => void;
  readonly reading: FirstRead;
};

/**
 * The connections to an endpoint that speaks HTTP/2: few, each for many requests, and another one only when those are full. Where the endpoint
 * is asked what it speaks (ALPN), and it is HTTP/1.1, what is dialled is for a pool of such connections.
 */
export class MultiplexedPool implements UpstreamPool {
  readonly #deps: MultiplexedPoolDeps;
  readonly #dialer: Dialer;
  /** For whatever is not HTTP/2. */
  readonly #plain: ConnectionPool;
  readonly #open: MultiplexedConnection[] = [];
  readonly #home: ConnectionHome = {
    roomMade: () => this.#serveSoon(),
    gone: (one) => this.#gone(one),
  };
  readonly #waiting: Waiting;
  readonly #tunnels: TunnelPool;
  /** What the endpoint spoke when it was last asked. */
  #speaks: 'h1' | 'h2' | 'unknown';
  #closed = false;
  #serving = false;

  constructor(deps: MultiplexedPoolDeps, dialer: Dialer, plain: ConnectionPool) {
    this.#deps = deps;
    this.#dialer = dialer;
    this.#plain = plain;
    this.#speaks = dialer.endpoint.protocol === 'auto' ? 'unknown' : 'h2';
    this.#tunnels = new TunnelPool(deps, dialer, plain);
    this.#waiting = new Waiting({
      deadlines: deps.deadlines,
      connectMs: dialer.policy.timeouts.connectMs,
      dial: (dialling) => this.#dial(dialling),
    });
  }

  take(): Upstream | undefined {
    // Whoever has waited for longer comes first.
    if (this.#waiting.size > 0) return undefined;
    return this.#withRoom()?.newStream() ?? this.#plain.take();
  }

  connect(handler: ConnectHandler, becomes: Becomes): () => void {
    if (becomes === 'web-socket' && this.#speaks !== 'h1') return this.#tunnels.connect(handler);
    if (becomes !== 'connection') return this.#plain.connect(handler, becomes);
    if (this.#speaks === 'h1') return this.#waiting.alone(handler);
    this.#serveSoon();
    return this.#waiting.add(handler, this.#mayDial());
  }

  drain(): void {
    for (const held of [this.#plain, this.#tunnels]) held.drain();
    for (const one of this.#open) if (!this.#dialer.leadsThere(one.address)) one.retire();
  }

  close(): void {
    this.#closed = true;
    for (const held of [this.#plain, this.#tunnels]) held.close();
    for (const one of this.#open.slice()) one.retire();
  }

  destroy(): void {
    this.close();
    for (const held of [this.#plain, this.#tunnels]) held.destroy();
    for (const one of this.#open.slice()) one.destroy();
  }

  #withRoom(): MultiplexedConnection | undefined {
    return this.#open.find((one) => one.room > 0);
  }

  #mayDial(): boolean {
    return this.#open.filter((one) => !one.retired).length < CONNECTIONS_MAX;
  }

  #dial(dialling: Dialling): () => void {
    return this.#dialer.dial((address) => this.#opening(address), {
      dialled: (opening) => this.#dialled(opening, dialling),
      notDialled: (error) => dialling.failed(connectFaultOf(error)),
    });
  }

  #opening(address: Address): Opening {
    const reading = new FirstRead();
    const socket = this.#dialer.socket(address, reading.options, ALPN[this.#dialer.endpoint.protocol]);
    return { address, socket, destroy: () => void socket.destroy(), reading };
  }

  #dialled(opening: Opening, dialling: Dialling): void {
    const { socket, address } = opening;
    const { protocol, url } = this.#dialer.endpoint;
    const secure = url.protocol === 'https';
    if (protocol === 'h2c' || (socket as TLSSocket).alpnProtocol === 'h2') {
      const connection = new MultiplexedConnection(this.#deps, this.#home, { address, socket, secure });
      opening.reading.by(connection);
      return this.#adopt(connection, dialling);
    }
    if (protocol === 'h2') {
      socket.destroy();
      return dialling.failed(NO_HTTP_2);
    }
    this.#speaks = 'h1';
    const connection = this.#plain.adopt(address, socket);
    opening.reading.by(connection);
    dialling.connected(connection);
  }

  #adopt(connection: MultiplexedConnection, dialling: Dialling): void {
    this.#speaks = 'h2';
    this.#open.push(connection);
    connection.start();
    const ageMs = connectionAgeMs(this.#dialer.policy.timeouts.connectionAgeMs, this.#deps.random());
    this.#deps.deadlines.arm(connection.ageDeadline, ageMs);
    dialling.ended();
    this.#serve();
    if (this.#closed) connection.retire();
  }

  /** Once what has just been read has been dealt with. */
  #serveSoon(): void {
    if (this.#serving) return;
    this.#serving = true;
    atEndOfTurn(MultiplexedPool.serve, this);
  }

  static serve(this: void, self: MultiplexedPool): void {
    self.#serving = false;
    self.#serve();
  }

  /** Has those who wait send their requests, as long as there is room. */
  #serve(): void {
    for (;;) {
      const connection = this.#waiting.size > 0 ? this.#withRoom() : undefined;
      if (connection === undefined) break;
      this.#waiting.first()?.connected(connection.newStream());
    }
    if (this.#waiting.size > 0 && this.#mayDial()) this.#waiting.dial();
  }

  #gone(connection: MultiplexedConnection): void {
    this.#open.splice(this.#open.indexOf(connection), 1);
    if (this.#waiting.size > 0) this.#serveSoon();
  }
}

const NO_HTTP_2: Fault = { kind: 'tls-failed', sent: 'nothing', cause: 'the endpoint does not speak HTTP/2 (ALPN)' };
