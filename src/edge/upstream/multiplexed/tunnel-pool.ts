import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Fault } from '../../../resilience/fault.ts';
import type { Address } from '../../../table/addresses.ts';
import { Deadline } from '../../../table/deadlines.ts';
import { atEndOfTurn } from '../../../table/timers.ts';
import { connectFaultOf } from '../connect-fault.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import type { Dialer } from '../dialer.ts';
import type { ConnectHandler } from '../pool.ts';
import { type ConnectionHome, MultiplexedConnection } from './connection.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { FirstRead } from './first-read.ts';
import { ALPN, ASK_AGAIN_MS, TUNNEL_CONNECTIONS_MAX } from './limits.ts';

type Opening = {
  readonly address: Address;
  readonly socket: Socket;
  readonly destroy: () => void;
  readonly reading: FirstRead;
};

/**
 * The connections of HTTP/2 to an endpoint that carry WebSockets (RFC 8441), apart from those of its requests: each WebSocket has a stream for hours, and
 * would leave none to them. Whether the endpoint takes them is only known once it has said so (SETTINGS_ENABLE_CONNECT_PROTOCOL), so that the
 * first waits for that. Where it does not, `auto` asks for them by HTTP/1.1, and `h2` and `h2c` say that there are none to be had.
 */
export class TunnelPool {
  readonly #deps: ConnectionDeps;
  readonly #dialer: Dialer;
  /** For endpoints that take them by HTTP/1.1. */
  readonly #plain: ConnectionPool;
  readonly #open = new Set<MultiplexedConnection>();
  readonly #home: ConnectionHome = {
    roomMade: () => this.#serveSoon(),
    greeted: () => this.#serveSoon(),
    gone: (one) => this.#gone(one),
  };
  readonly #waiting = new Set<ConnectHandler>();
  /** How to call off what is dialled by HTTP/1.1. */
  readonly #plainly = new Map<ConnectHandler, () => void>();
  /** Closes a connection that does not say in time what its endpoint takes. */
  readonly #ungreeted = new Deadline(() => this.#expired());
  #cancelDial: (() => void) | undefined;
  /** Until when it is known that the endpoint takes none. */
  #refusedUntilMs = 0;
  #serving = false;

  constructor(deps: ConnectionDeps, dialer: Dialer, plain: ConnectionPool) {
    this.#deps = deps;
    this.#dialer = dialer;
    this.#plain = plain;
  }

  /** A stream for one WebSocket, or a connection. Returns how to call it off. */
  connect(handler: ConnectHandler): () => void {
    this.#waiting.add(handler);
    this.#serveSoon();
    return () => this.#remove(handler);
  }

  drain(): void {
    for (const one of this.#open) if (!this.#dialer.leadsThere(one.address)) one.retire();
  }

  close(): void {
    for (const one of this.#open) one.retire();
  }

  destroy(): void {
    this.#callOff();
    for (const one of this.#open) one.destroy();
  }

  #remove(handler: ConnectHandler): void {
    this.#plainly.get(handler)?.();
    this.#plainly.delete(handler);
    if (this.#waiting.delete(handler) && this.#waiting.size === 0) this.#callOff();
  }

  #serveSoon(): void {
    if (this.#serving) return;
    this.#serving = true;
    atEndOfTurn(TunnelPool.serve, this);
  }

  static serve(this: void, self: TunnelPool): void {
    self.#serving = false;
    self.#serve();
  }

  #serve(): void {
    if (this.#deps.clock.nowMs() < this.#refusedUntilMs) return this.#turnAway(NO_WEB_SOCKETS);
    for (const one of this.#open) if (one.greeted && !one.takesTunnels) return this.#refuse(one);
    for (const handler of this.#waiting) {
      const connection = this.#withRoom();
      if (connection === undefined) break;
      this.#waiting.delete(handler);
      handler.connected(connection.newStream());
    }
    const coming = this.#cancelDial !== undefined || [...this.#open].some(({ greeted }) => !greeted);
    if (this.#waiting.size > 0 && !coming && this.#open.size < TUNNEL_CONNECTIONS_MAX) this.#dial();
  }

  #withRoom(): MultiplexedConnection | undefined {
    for (const one of this.#open) if (one.greeted && one.room > 0) return one;
    return undefined;
  }

  #dial(): void {
    this.#cancelDial = this.#dialer.dial((address) => this.#opening(address), {
      dialled: (opening) => this.#dialled(opening),
      notDialled: (error) => {
        this.#cancelDial = undefined;
        this.#failAll(connectFaultOf(error));
      },
    });
  }

  #opening(address: Address): Opening {
    const reading = new FirstRead();
    const socket = this.#dialer.socket(address, reading.options, ALPN[this.#dialer.endpoint.protocol]);
    return { address, socket, destroy: () => void socket.destroy(), reading };
  }

  #dialled({ socket, address, reading }: Opening): void {
    this.#cancelDial = undefined;
    const { protocol, url } = this.#dialer.endpoint;
    if (protocol !== 'h2c' && (socket as TLSSocket).alpnProtocol !== 'h2') {
      socket.destroy();
      return this.#turnAway(NO_HTTP_2);
    }
    const secure = url.protocol === 'https';
    const connection = new MultiplexedConnection(this.#deps, this.#home, { address, socket, secure });
    reading.by(connection);
    this.#open.add(connection);
    connection.start();
    this.#deps.deadlines.arm(this.#ungreeted, this.#dialer.policy.timeouts.connectMs);
  }

  #expired(): void {
    for (const one of this.#open) if (!one.greeted) one.lost('it has not said what it takes (SETTINGS)');
  }

  /** It has said what it takes, and WebSockets are not among it. */
  #refuse(connection: MultiplexedConnection): void {
    this.#refusedUntilMs = this.#deps.clock.nowMs() + ASK_AGAIN_MS;
    connection.retire();
    this.#turnAway(NO_WEB_SOCKETS);
  }

  /** Those who wait are served by HTTP/1.1, or not at all. */
  #turnAway(fault: Fault): void {
    if (this.#dialer.endpoint.protocol !== 'auto') return this.#failAll(fault);
    for (const handler of this.#waiting) {
      this.#waiting.delete(handler);
      const cancel = this.#plain.connect(
        {
          connected: (upstream) => {
            this.#plainly.delete(handler);
            handler.connected(upstream);
          },
          notConnected: (why) => {
            this.#plainly.delete(handler);
            handler.notConnected(why);
          },
        },
        'stream',
      );
      this.#plainly.set(handler, cancel);
    }
  }

  #failAll(fault: Fault): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const handler of all) handler.notConnected(fault);
  }

  #gone(connection: MultiplexedConnection): void {
    this.#open.delete(connection);
    if (!connection.greeted) this.#failAll(NO_GREETING);
    else if (this.#waiting.size > 0) this.#serveSoon();
  }

  #callOff(): void {
    this.#deps.deadlines.remove(this.#ungreeted);
    this.#cancelDial?.();
    this.#cancelDial = undefined;
  }
}

const NO_HTTP_2: Fault = { kind: 'tls-failed', sent: 'nothing', cause: 'the endpoint does not speak HTTP/2 (ALPN)' };
const NO_WEB_SOCKETS: Fault = {
  kind: 'bad-response',
  sent: 'nothing',
  cause: 'the endpoint takes no WebSockets by HTTP/2 (SETTINGS_ENABLE_CONNECT_PROTOCOL); say protocol: auto or h1',
  blameless: true,
};
const NO_GREETING: Fault = {
  kind: 'bad-response',
  sent: 'nothing',
  cause: 'the endpoint did not begin as HTTP/2 does',
};
