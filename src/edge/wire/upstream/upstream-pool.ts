import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { type ConnectionOptions, rootCertificates, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Endpoint, Service } from '../../../config/topology.ts';
import type { Fault } from '../../../resilience/fault.ts';
import type { Address } from '../../../table/addresses.ts';
import { keepReading } from '../../upstream/keep-reading.ts';
import type { Reach } from '../../upstream/reach.ts';
import { faultOf } from '../../upstream/undici-fault.ts';
import { ADDRESSES_TRIED_MAX, IDLE_MS } from '../../upstream/undici-pools.ts';
import { Deadline, type Deadlines } from '../deadlines.ts';
import type { Recess } from './recess.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** Idle connections kept for one endpoint; the one that has been idle for longest makes way. */
export const IDLE_MAX = 1024;
/** An idle connection is closed this long before the endpoint would, by what it says in `Keep-Alive`. */
export const IDLE_MARGIN_MS = 1000;
/** Longer than this none is kept, whatever the endpoint says. */
export const IDLE_MAX_MS = 600_000;

/** Who waits for a new connection. */
export type ConnectOwner = {
  connected(connection: UpstreamConnection): void;
  notConnected(fault: Fault): void;
};

export type PoolDeps = {
  readonly reach: Reach;
  readonly deadlines: Deadlines;
  readonly recess: Recess;
};

/**
 * The connections to one endpoint: idle ones, last in first out, so that those that are not needed grow old and go. Each has
 * one request at a time. How many there are is bounded by the clients' connections, each of which has at most one.
 */
export class UpstreamPool {
  readonly #deps: PoolDeps;
  readonly #service: Service;
  readonly #endpoint: Endpoint;
  readonly #all = new Set<UpstreamConnection>();
  readonly #idle: UpstreamConnection[] = [];
  /** TLS session of the last connection, so that the next one is spared half the handshake. */
  #session: Buffer | undefined;
  #turn = 0;
  #closed = false;

  constructor(deps: PoolDeps, service: Service, endpoint: Endpoint) {
    this.#deps = deps;
    this.#service = service;
    this.#endpoint = endpoint;
  }

  /** An idle connection; undefined when there is none. */
  take(): UpstreamConnection | undefined {
    const connection = this.#idle.pop();
    if (connection === undefined) return undefined;
    connection.pooled = false;
    this.#deps.deadlines.disarm(connection.idleDeadline);
    return connection;
  }

  /** Opens another one. Returns how to call it off; the owner hears nothing then. How long it may take is the owner's to say. */
  connect(owner: ConnectOwner): () => void {
    const { url, id } = this.#endpoint;
    const found = this.#deps.reach.addresses(id);
    const addresses = found === undefined || found.length === 0 ? [{ host: url.host, port: url.port }] : found;
    const first = this.#turn++;
    let [tried, over] = [0, false];
    let current: UpstreamConnection | undefined;
    const next = (): void => {
      current = this.#open(addresses[(first + tried) % addresses.length] as Address, settled);
      tried += 1;
    };
    const settled = (error: unknown): void => {
      if (over) return;
      if (error !== undefined && tried < Math.min(ADDRESSES_TRIED_MAX, addresses.length)) return next();
      over = true;
      if (error === undefined) owner.connected(current as UpstreamConnection);
      else owner.notConnected(faultOf(error, 'nothing'));
    };
    next();
    return () => {
      over = true;
      current?.destroy();
    };
  }

  /** No new connections are kept; what is in flight finishes. */
  close(): void {
    this.#closed = true;
    while (this.#idle.length > 0) this.#idle.at(-1)?.destroy();
  }

  destroy(): void {
    this.close();
    // Destroying one takes it out of the set, which a walk through it allows.
    for (const connection of this.#all) connection.destroy();
  }

  #open(address: Address, settled: (error: unknown) => void): UpstreamConnection {
    const connection = new UpstreamConnection(
      { release: (one) => this.#release(one), rested: (one) => this.#rested(one), gone: (one) => this.#gone(one) },
      (one) => new Deadline(() => one.destroy()),
    );
    this.#all.add(connection);
    let ready = false;
    const socket = this.#dial(address, connection);
    connection.socket = socket;
    keepReading(socket, () => {
      connection.deaf = true;
    });
    const failed = (error: NodeJS.ErrnoException): void => {
      if (ready) return connection.lost(error.code ?? error.message);
      connection.destroy();
      settled(error);
    };
    socket.once(this.#endpoint.url.protocol === 'https' ? 'secureConnect' : 'connect', () => {
      ready = true;
      settled(undefined);
    });
    socket.on('error', failed);
    socket.once('end', () => (ready ? connection.lost('') : failed(new Error('closed while connecting'))));
    socket.once('close', () => {
      if (ready) connection.lost('');
    });
    socket.on('drain', () => connection.owner?.upstreamDrained());
    return connection;
  }

  #dial({ host, port }: Address, connection: UpstreamConnection): Socket {
    const onread = { buffer: connection.nextBuffer, callback: connection.onRead };
    const { protocol, host: name } = this.#endpoint.url;
    if (protocol === 'http') return tcpConnect({ host, port, noDelay: true, onread });
    const authorities = this.#deps.reach.authorities(this.#service.name);
    const socket: TLSSocket = tlsConnect({
      host,
      port,
      noDelay: true,
      onread,
      servername: this.#service.tls.serverName ?? (isIP(name) === 0 ? name : ''),
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      ...(authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }),
      ...(this.#session === undefined ? {} : { session: this.#session }),
    } as ConnectionOptions);
    socket.on('session', (session: Buffer) => {
      this.#session = session;
    });
    return socket;
  }

  #release(connection: UpstreamConnection): void {
    if (this.#closed || idleMsOf(connection) <= 0) connection.destroy();
    else this.#deps.recess.begin(connection);
  }

  #rested(connection: UpstreamConnection): void {
    if (this.#closed) return connection.destroy();
    connection.pooled = true;
    this.#idle.push(connection);
    if (this.#idle.length > IDLE_MAX) this.#idle[0]?.destroy();
    this.#deps.deadlines.arm(connection.idleDeadline, idleMsOf(connection));
  }

  #gone(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    this.#deps.deadlines.remove(connection.idleDeadline);
    if (connection.pooled) this.#idle.splice(this.#idle.indexOf(connection), 1);
    connection.pooled = false;
  }
}

/** How long it may be kept, in ms; 0 or less when not at all. */
function idleMsOf({ head }: UpstreamConnection): number {
  return head.keepAliveMs === 0 ? IDLE_MS : Math.min(IDLE_MAX_MS, head.keepAliveMs - IDLE_MARGIN_MS);
}
