import type { Socket } from 'node:net';
import { Client, type Dispatcher, errors } from 'undici';
import type { Address } from '../../table/addresses.ts';
import type { Clock, Random } from '../../table/clock.ts';
import { startTimer, stopTimer } from '../../table/timers.ts';
import { guardAnswers } from './answer-guard.ts';
import { connectionAgeMs } from './connection-age.ts';
import type { Dialer } from './dialer.ts';
import { keepReading } from './keep-reading.ts';
import { IDLE_MAX, IDLE_MS, RESPONSE_HEAD_BYTES_MAX } from './limits.ts';
import type { Held } from './per-endpoint.ts';

export type UndiciPoolDeps = { readonly clock: Clock; readonly random: Random };

/** The handler of a request: `over` once it knows how the request ended. */
type PoolHandler = Dispatcher.DispatchHandler & { readonly over: boolean };

/**
 * The general engine's keep-alive connections to one endpoint: idle ones, last in first out, each with one request at a time, as
 * in the wire engine's pool. Each is an undici client of its own, because undici's own pool tells nobody which connection
 * a request went over, and whether it had been used before.
 */
export class UndiciPool implements Held {
  readonly #dialer: Dialer;
  readonly #deps: UndiciPoolDeps;
  readonly #all = new Set<Line>();
  readonly #idle: Line[] = [];
  #closed = false;

  constructor(dialer: Dialer, deps: UndiciPoolDeps) {
    this.#dialer = dialer;
    this.#deps = deps;
  }

  /** Connections that wait for a request. */
  get idle(): number {
    return this.#idle.length;
  }

  /** A connection for one request, to be sent at once: an idle one where there is one, unless it is to be a `fresh` one. */
  take(which: 'any' | 'fresh'): Line {
    const line = (which === 'any' ? this.#idle.pop() : undefined) ?? this.#open();
    line.idle = false;
    return line;
  }

  /** Sends a request over a connection that was taken for it. */
  send(line: Line, options: Dispatcher.DispatchOptions, handler: PoolHandler): void {
    line.client.dispatch(options, handler);
    // When undici refuses a request, it calls the handler at once and emits no `drain`.
    if (handler.over) this.#end(line);
  }

  /** Connections to addresses that the endpoint no longer has take no more requests. */
  drain(): void {
    for (const line of this.#all) {
      if (line.address === undefined || this.#dialer.leadsThere(line.address)) continue;
      line.retired = true;
      if (line.idle) this.#end(line);
    }
  }

  close(): void {
    this.#closed = true;
    for (const line of this.#idle.slice()) this.#end(line);
  }

  destroy(): void {
    this.close();
    for (const { client } of this.#all) void client.destroy();
    this.#all.clear();
  }

  #open(): Line {
    const { protocol, host, port } = this.#dialer.endpoint.url;
    const client = new Client(`${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`, {
      allowH2: false,
      pipelining: 1,
      // The guard has judged it before, as it came; what it writes anew may be a little longer.
      maxHeaderSize: 2 * RESPONSE_HEAD_BYTES_MAX,
      // The pipeline keeps the time for heads; bodies are timed per request.
      headersTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      connect: (_, callback) => this.#connect(line, callback),
    });
    const line = new Line(client);
    this.#all.add(line);
    // Undici emits `drain` when a request has ended, however it did, and `disconnect` when the connection has.
    client.on('drain', () => this.#rested(line));
    client.on('disconnect', () => {
      line.socket = undefined;
      if (line.idle) this.#end(line);
    });
    return line;
  }

  #connect(line: Line, callback: Parameters<NonNullable<Connect>>[1]): void {
    const { connectMs, connectionAgeMs: ageMs } = this.#dialer.service.timeouts;
    const cancel = this.#dialer.dial(
      (address) => {
        const socket = this.#dialer.socket(address);
        return { socket, address, destroy: () => void socket.destroy() };
      },
      {
        dialled: ({ socket, address }) => {
          stopTimer(late);
          line.opened(socket, address, this.#deps.clock.nowMs() + connectionAgeMs(ageMs, this.#deps.random()));
          keepReading(socket);
          callback(null, guardAnswers(socket));
        },
        notDialled: (error) => {
          stopTimer(late);
          callback(error as Error, null);
        },
      },
    );
    // The caller may need it no longer; undici does not say so.
    const late = startTimer(connectMs, tooLate, undefined);

    function tooLate(): void {
      cancel();
      callback(new errors.ConnectTimeoutError('no connection in time'), null);
    }
  }

  #rested(line: Line): void {
    if (line.idle || !this.#all.has(line)) return;
    const { socket } = line;
    const old = line.retired || this.#deps.clock.nowMs() >= line.retireAtMs;
    if (socket === undefined || socket.destroyed || old || this.#closed) return this.#end(line);
    line.served += 1;
    line.idle = true;
    this.#idle.push(line);
    if (this.#idle.length > IDLE_MAX) this.#end(this.#idle[0] as Line);
  }

  #end(line: Line): void {
    this.#all.delete(line);
    if (line.idle) this.#idle.splice(this.#idle.indexOf(line), 1);
    line.idle = false;
    void line.client.destroy();
  }
}

type Connect = Extract<NonNullable<ConstructorParameters<typeof Client>[1]>['connect'], (...args: never[]) => unknown>;

/** One connection of the general engine, from undici's side: a client that has at most one. */
export class Line {
  readonly client: Client;
  socket: Socket | undefined;
  address: Address | undefined;
  retireAtMs = Number.POSITIVE_INFINITY;
  retired = false;
  idle = false;
  /** Requests that ended well on the connection that it has now. */
  served = 0;
  #readBefore = 0;

  constructor(client: Client) {
    this.client = client;
  }

  get connected(): boolean {
    return this.socket?.destroyed === false;
  }

  opened(socket: Socket, address: Address, retireAtMs: number): void {
    this.socket = socket;
    this.address = address;
    this.retireAtMs = retireAtMs;
    this.served = 0;
  }

  /** A request goes out on it now. */
  begun(): void {
    this.#readBefore = this.socket?.bytesRead ?? 0;
  }

  /** Whether it had been used before and nothing has come of an answer yet: then its end says nothing about the endpoint. */
  get stale(): boolean {
    return this.served > 0 && this.socket?.bytesRead === this.#readBefore;
  }
}
