import type { Socket } from 'node:net';
import type { Address } from '../../../table/addresses.ts';
import { Deadline, type Deadlines } from '../../../table/deadlines.ts';
import { atEndOfTurn } from '../../../table/timers.ts';
import { CANCEL, errorName, NO_ERROR, REFUSED_STREAM, SETTINGS_TIMEOUT } from '../../frames/error-code.ts';
import type { FieldList } from '../../frames/hpack/field-list.ts';
import type { OutField } from '../../frames/hpack/out-field.ts';
import { Session } from '../../frames/session.ts';
import type { SessionHandler } from '../../frames/session-handler.ts';
import { type OutputHost, SessionOutput } from '../../frames/session-output.ts';
import type { Stream } from '../../frames/stream.ts';
import { READ_BYTES } from '../read-buffer.ts';
import type { Connected, ConnectionDeps } from './connection-deps.ts';
import { type EndpointStreamHandler, guarded } from './endpoint-stream-handler.ts';
import { FAREWELL_MS, IDLE_MS, OWN_SETTINGS, PING_MS, SETTINGS_ACK_MS, STREAMS_MAX } from './limits.ts';
import { UpstreamStream } from './stream.ts';
import type { HeadHolder, StreamHome } from './stream-home.ts';

/** Whoever keeps a connection, as it tells them what becomes of it. */
export type ConnectionHome = {
  /** There is room for another request. */
  readonly roomMade: (connection: MultiplexedConnection) => void;
  /** The endpoint has said of itself what it takes. */
  readonly greeted?: (connection: MultiplexedConnection) => void;
  readonly gone: (connection: MultiplexedConnection) => void;
};

/**
 * One connection of HTTP/2 to an endpoint, for up to `STREAMS_MAX` requests at a time. What is to be written in one turn of the event loop is
 * written together at its end.
 */
export class MultiplexedConnection implements StreamHome, SessionHandler<EndpointStreamHandler>, OutputHost {
  readonly address: Address;
  readonly secure: boolean;
  /** Retires it when it has become too old. */
  readonly ageDeadline: Deadline;
  heardMs: number;
  closed = false;
  /** It finishes what it has, and takes no more requests. */
  retired = false;
  /** Whether the endpoint has said of itself what it takes. */
  greeted = false;
  readonly #deps: ConnectionDeps;
  readonly #home: ConnectionHome;
  readonly #socket: Socket;
  readonly #session: Session<EndpointStreamHandler>;
  readonly #output: SessionOutput<EndpointStreamHandler>;
  readonly #idleDeadline: Deadline;
  readonly #pingDeadline: Deadline;
  readonly #settling = new Deadline(() => this.#session.fail(SETTINGS_TIMEOUT, 'our settings were not acknowledged'));
  #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #kept = false;
  /** Streams whose heads have come in what is being read. */
  readonly #heads: HeadHolder[] = [];

  constructor(deps: ConnectionDeps, home: ConnectionHome, { address, socket, secure }: Connected) {
    this.#deps = deps;
    this.#home = home;
    this.#socket = socket;
    this.address = address;
    this.secure = secure;
    this.heardMs = deps.clock.nowMs();
    this.#session = new Session(OWN_SETTINGS, this, deps.held);
    this.#output = new SessionOutput(this.#session, socket, this);
    this.#idleDeadline = new Deadline(() => this.retire());
    this.#pingDeadline = new Deadline(() => this.lost('no answer to a PING'));
    this.ageDeadline = new Deadline(() => this.retire());
  }

  /** The socket is connected. */
  start(): void {
    const socket = this.#socket;
    socket.on('error', (error: NodeJS.ErrnoException) => this.lost(error.code ?? error.message));
    socket.once('end', () => this.lost(''));
    socket.once('close', () => this.lost(''));
    socket.on('drain', () => this.#session.stall(false));
    this.#session.begin();
    this.#deps.deadlines.arm(this.#idleDeadline, IDLE_MS);
    this.#deps.deadlines.arm(this.#settling, SETTINGS_ACK_MS);
  }

  /** Requests that it can take now. */
  get room(): number {
    if (this.closed || this.retired || !this.#session.canOpen) return 0;
    return Math.min(STREAMS_MAX, this.#session.peer.streamsMax) - this.#session.streams.size;
  }

  /** Something to send a request on, which is to be done at once. */
  newStream(): UpstreamStream {
    return new UpstreamStream(this);
  }

  retire(): void {
    if (this.retired) return;
    this.retired = true;
    this.#endIfIdle();
  }

  destroy(): void {
    this.lost('this edge closes the connection');
  }

  /** Where the socket is to put what it reads next. */
  readonly nextBuffer = (): Uint8Array => {
    if (this.#kept) this.#buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.#kept = false;
    return this.#buffer;
  };

  /** Takes what the socket has read. */
  readonly onRead = (count: number): boolean => {
    if (this.closed) return false;
    this.heardMs = this.#deps.clock.nowMs();
    this.#deps.deadlines.disarm(this.#pingDeadline);
    try {
      this.#session.receive(this.#buffer, 0, count, this.heardMs);
    } catch (error) {
      // Which of the streams it was is not known here: all that were under way are answered for.
      this.faulted(error);
    }
    this.#handHeadsOver();
    if (this.#settling.armed && this.#session.settled) this.#deps.deadlines.disarm(this.#settling);
    if (!this.greeted && this.#session.peer.said && !this.closed) this.#greeted();
    return !this.closed;
  };

  /** Whether the endpoint takes WebSockets on its streams (RFC 8441 §3). */
  get takesTunnels(): boolean {
    return this.#session.peer.connectProtocol;
  }

  get deadlines(): Deadlines {
    return this.#deps.deadlines;
  }

  nowMs(): number {
    return this.#deps.clock.nowMs();
  }

  open(handler: EndpointStreamHandler, fields: readonly OutField[], ended: boolean): Stream<EndpointStreamHandler> {
    this.#deps.deadlines.disarm(this.#idleDeadline);
    return this.#session.open(handler, fields, ended);
  }

  send(stream: Stream<EndpointStreamHandler>, bytes: Buffer): boolean | undefined {
    const all = this.#session.data(stream, bytes, 0, bytes.length);
    // Whoever sends is told later, as of anything else that becomes of a stream.
    if (all === undefined) atEndOfTurn(() => stream.handler?.lost('there is no memory for its request', 'reset'));
    return all;
  }

  end(stream: Stream<EndpointStreamHandler>, trailers: readonly OutField[]): void {
    this.#session.end(stream, trailers.length === 0 ? undefined : trailers);
  }

  read(stream: Stream<EndpointStreamHandler>, bytes: number): void {
    this.#session.read(stream, bytes);
  }

  cancel(stream: Stream<EndpointStreamHandler>, code = CANCEL): void {
    this.#session.reset(stream, code);
    this.#streamEnded();
  }

  suspect(): void {
    if (this.closed || this.#pingDeadline.armed) return;
    this.#session.ping();
    this.#deps.deadlines.arm(this.#pingDeadline, PING_MS);
  }

  keepBytes(): void {
    this.#kept = true;
  }

  awaitBody(stream: HeadHolder): void {
    this.#heads.push(stream);
  }

  headers(stream: Stream<EndpointStreamHandler>, list: FieldList): void {
    guarded(stream, (handler) => handler.fields(list));
    this.#ended(stream);
  }

  data(stream: Stream<EndpointStreamHandler>, bytes: Buffer, from: number, to: number): void {
    guarded(stream, (handler) => handler.data(bytes, from, to));
    this.#ended(stream);
  }

  reset(stream: Stream<EndpointStreamHandler>, code: number): void {
    const kind = code === REFUSED_STREAM ? 'unprocessed' : 'reset';
    guarded(stream, (handler) => handler.lost(`the endpoint reset the stream: ${errorName(code)}`, kind));
    this.#streamEnded();
  }

  sent(stream: Stream<EndpointStreamHandler>): void {
    guarded(stream, (handler) => handler.sent());
  }

  drained(stream: Stream<EndpointStreamHandler>): void {
    guarded(stream, (handler) => handler.drained());
  }

  goneAway(lastStreamId: number, code: number): void {
    this.retired = true;
    const cause = `the endpoint is closing the connection: ${errorName(code)}`;
    for (const stream of this.#session.streams.values()) {
      if (stream.id <= lastStreamId) continue;
      this.#session.reset(stream, CANCEL);
      guarded(stream, (handler) => handler.lost(cause, 'unprocessed'));
    }
    this.#endIfIdle();
  }

  failed(code: number, cause: string): void {
    this.lost(`${errorName(code)}: ${cause}`, 'bad-response');
  }

  output(): void {
    this.#output.soon();
  }

  /** The other side has ended or broken the connection, or there is no use for it any more. */
  lost(code: string, kind: 'bad-response' | 'lost' = 'lost'): void {
    if (this.closed) return;
    this.closed = true;
    const { deadlines } = this.#deps;
    for (const one of [this.#idleDeadline, this.#pingDeadline, this.#settling, this.ageDeadline]) deadlines.remove(one);
    const owners = [...this.#session.streams.values()];
    this.#session.close();
    this.#home.gone(this);
    for (const stream of owners) this.#tellLost(stream, code, kind);
    // What is still to be written says why, where we are the ones who end it.
    const socket = this.#socket;
    if (this.#session.writer.length === 0 || socket.destroyed) return void socket.destroy();
    this.#output.soon();
    socket.resume();
    deadlines.arm(new Deadline(() => socket.destroy()), FAREWELL_MS);
  }

  written(): void {
    if (this.closed) this.#socket.end();
  }

  faulted(error: unknown): void {
    this.#deps.faulted(error);
    this.lost('an error of this edge');
  }

  #greeted(): void {
    this.greeted = true;
    this.#home.greeted?.(this);
  }

  #tellLost(stream: Stream<EndpointStreamHandler>, code: string, kind: 'bad-response' | 'lost'): void {
    const cause = code === '' ? 'the endpoint closed the connection' : code;
    guarded(stream, (handler) => {
      const stale = stream.id > 1 && !handler.answered && !handler.heard;
      handler.lost(cause, kind === 'bad-response' ? kind : stale ? 'stale-connection' : 'reset');
    });
  }

  #handHeadsOver(): void {
    if (this.#heads.length === 0) return;
    for (const stream of this.#heads) {
      try {
        stream.endOfRead();
      } catch (error) {
        stream.faulted(error);
      }
    }
    this.#heads.length = 0;
  }

  /** A stream may have ended with what has come. */
  #ended(stream: Stream<EndpointStreamHandler>): void {
    // Its session takes it away when this returns, if this side has ended too.
    if (stream.remoteEnded && stream.localEnded) atEndOfTurn(streamEnded, this);
  }

  #streamEnded(): void {
    if (this.closed) return;
    if (this.retired) return this.#endIfIdle();
    if (this.#session.streams.size === 0) this.#deps.deadlines.arm(this.#idleDeadline, IDLE_MS);
    if (this.room > 0) this.#home.roomMade(this);
  }

  static streamEnded(this: void, self: MultiplexedConnection): void {
    self.#streamEnded();
  }

  #endIfIdle(): void {
    if (this.closed || this.#session.streams.size > 0) return;
    this.#session.goAway(NO_ERROR);
    this.lost('');
  }
}

const { streamEnded } = MultiplexedConnection;
