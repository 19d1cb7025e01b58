import type { Socket } from 'node:net';
import type { Address } from '../../table/addresses.ts';
import type { Random } from '../../table/clock.ts';
import type { Deadlines } from '../../table/deadlines.ts';
import { connectFaultOf } from './connect-fault.ts';
import { UpstreamConnection } from './connection.ts';
import { connectionAgeMs } from './connection-age.ts';
import type { UpstreamHome } from './connection-handler.ts';
import type { Dialer } from './dialer.ts';
import { keepReading } from './keep-reading.ts';
import { IDLE_MAX, IDLE_MS } from './limits.ts';
import type { Becomes, ConnectHandler, UpstreamPool } from './pool.ts';
import type { QuietCheck } from './quiet-check.ts';

/** An idle connection is closed this long before the endpoint would, by what it says in `Keep-Alive`. */
export const IDLE_MARGIN_MS = 1000;
/** Longer than this none is kept, whatever the endpoint says. */
export const IDLE_MAX_MS = 600_000;

export type PoolDeps = {
  readonly deadlines: Deadlines;
  readonly quietCheck: QuietCheck;
  readonly random: Random;
};

/**
 * The connections of HTTP/1.1 to one endpoint: idle ones, last in first out, so that those that are not needed grow old and go. Each has
 * one request at a time. How many there are is bounded by the clients' connections, each of which has at most one.
 */
export class ConnectionPool implements UpstreamPool {
  readonly #deps: PoolDeps;
  readonly #dialer: Dialer;
  readonly #home: UpstreamHome<UpstreamConnection> = {
    release: (one) => this.#release(one),
    foundQuiet: (one) => this.#foundQuiet(one),
    gone: (one) => this.#gone(one),
  };
  readonly #all = new Set<UpstreamConnection>();
  readonly #idle: UpstreamConnection[] = [];
  #closed = false;

  constructor(deps: PoolDeps, dialer: Dialer) {
    this.#deps = deps;
    this.#dialer = dialer;
  }

  /** An idle connection; undefined when there is none. */
  take(): UpstreamConnection | undefined {
    const connection = this.#idle.pop();
    if (connection === undefined) return undefined;
    connection.pooled = false;
    this.#deps.deadlines.disarm(connection.idleDeadline);
    return connection;
  }

  /** Opens another one. One that may become a stream of another protocol is read as streams are. */
  connect(handler: ConnectHandler, becomes: Becomes = 'connection'): () => void {
    return this.#dialer.dial((address) => this.#open(address, becomes), {
      dialled: (connection) => {
        this.#adopt(connection);
        if (becomes !== 'connection') connection.readAsStream();
        handler.connected(connection);
      },
      notDialled: (error) => handler.notConnected(connectFaultOf(error)),
    });
  }

  /** A connection on a socket that somebody else has dialled, with what it is to read into and by. */
  adopt(address: Address, socket: Socket): UpstreamConnection {
    const connection = new UpstreamConnection(this.#home, address);
    this.#all.add(connection);
    connection.socket = socket;
    this.#adopt(connection);
    return connection;
  }

  drain(): void {
    // Destroying one takes it out of the set, which a walk through it allows.
    for (const connection of this.#all) if (!this.#dialer.leadsThere(connection.address)) connection.retire();
  }

  /** No new connections are kept; what is in flight finishes. */
  close(): void {
    this.#closed = true;
    while (this.#idle.length > 0) this.#idle.at(-1)?.destroy();
  }

  destroy(): void {
    this.close();
    for (const connection of this.#all) connection.destroy();
  }

  #open(address: Address, becomes: Becomes): UpstreamConnection {
    const connection = new UpstreamConnection(this.#home, address);
    this.#all.add(connection);
    const onread = { buffer: connection.nextBuffer, callback: connection.onRead };
    connection.socket = this.#dialer.socket(address, becomes === 'connection' ? onread : undefined);
    return connection;
  }

  #adopt(connection: UpstreamConnection): void {
    const { socket } = connection;
    keepReading(socket, () => {
      connection.deaf = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => connection.lost(error.code ?? error.message));
    socket.once('end', () => connection.lost(''));
    socket.once('close', () => connection.lost(''));
    socket.on('drain', () => connection.handler?.upstreamDrained());
    const ageMs = connectionAgeMs(this.#dialer.policy.timeouts.connectionAgeMs, this.#deps.random());
    this.#deps.deadlines.arm(connection.ageDeadline, ageMs);
  }

  #release(connection: UpstreamConnection): void {
    if (this.#closed || connection.retired || idleMsOf(connection) <= 0) connection.destroy();
    else this.#deps.quietCheck.begin(connection);
  }

  #foundQuiet(connection: UpstreamConnection): void {
    if (this.#closed || connection.retired) return connection.destroy();
    connection.pooled = true;
    this.#idle.push(connection);
    if (this.#idle.length > IDLE_MAX) this.#idle[0]?.destroy();
    this.#deps.deadlines.arm(connection.idleDeadline, idleMsOf(connection));
  }

  #gone(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    this.#deps.deadlines.remove(connection.idleDeadline);
    this.#deps.deadlines.remove(connection.ageDeadline);
    if (connection.pooled) this.#idle.splice(this.#idle.indexOf(connection), 1);
    connection.pooled = false;
  }
}

/** How long it may be kept, in ms; 0 or less when not at all. */
function idleMsOf({ head }: UpstreamConnection): number {
  return head.keepAliveMs === 0 ? IDLE_MS : Math.min(IDLE_MAX_MS, head.keepAliveMs - IDLE_MARGIN_MS);
}
