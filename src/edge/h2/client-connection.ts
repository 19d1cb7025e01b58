import type { Socket } from 'node:net';
import { Deadline } from '../../table/deadlines.ts';
import { borrowReads, giveBackReads } from '../client/borrowed-reads.ts';
import type { ConnectionFacts } from '../client/connection-facts.ts';
import { endLingering } from '../client/lingering-end.ts';
import { CANCEL, ENHANCE_YOUR_CALM, NO_ERROR, PROTOCOL_ERROR, SETTINGS_TIMEOUT } from '../frames/error-code.ts';
import type { FieldList } from '../frames/hpack/field-list.ts';
import { Session } from '../frames/session.ts';
import type { SessionHandler } from '../frames/session-handler.ts';
import { type OutputHost, SessionOutput } from '../frames/session-output.ts';
import { Peer } from '../message/request-head.ts';
import type { H2Deps } from './h2-deps.ts';
import { LateBody } from './late-body.ts';
import { OUTPUT_BYTES_MAX, SETTINGS, SETTINGS_ACK_MS } from './limits.ts';
import { trailersProblem } from './request-problem.ts';
import type { RequestTaker } from './request-taker.ts';
import type { StreamCall } from './stream-call.ts';
import type { H2Session, H2Stream, StreamHandler } from './stream-handler.ts';
import { type OtherEnd, UNKNOWN_LENGTH } from './stream-head.ts';

/** What all connections of a thread share; `left` is called once for each, when it has ended. */
export type ConnectionParts = {
  readonly deps: H2Deps;
  readonly taker: RequestTaker;
  readonly left: (connection: ClientConnection) => void;
};

/** What a connection waits for: a head, or what comes before the first; a next request; the end of those that it has. */
type Waiting = 'head' | 'idle' | 'busy';

/** A client's connection that speaks HTTP/2: what its session says goes out once a turn, and each of its requests is taken on its way. */
export class ClientConnection implements SessionHandler<StreamHandler>, OutputHost {
  readonly #deps: H2Deps;
  readonly #taker: RequestTaker;
  readonly #socket: Socket;
  readonly #session: H2Session;
  readonly #output: SessionOutput<StreamHandler>;
  readonly #end: OtherEnd;
  readonly #left: (connection: ClientConnection) => void;
  readonly #deadline: Deadline;
  /** Until our settings are acknowledged. */
  #settling: Deadline | undefined;
  /** Requests of what is now being read. */
  readonly #launching: StreamCall[] = [];
  #state: 'open' | 'leaving' | 'closing' | 'gone' = 'open';
  #waiting: Waiting = 'head';
  #stalled = false;
  /** Times that it was told to go away. */
  #warned = 0;
  /** Bytes of bodies that had been sent as the wait began. */
  #sentBefore = 0;

  constructor(
    { deps, taker, left }: ConnectionParts,
    socket: Socket,
    { protocol, address, tlsVersion, certificate }: ConnectionFacts,
  ) {
    this.#deps = deps;
    this.#taker = taker;
    this.#socket = socket;
    this.#left = left;
    this.#end = { protocol, address, peer: new Peer(tlsVersion, certificate) };
    this.#session = new Session(SETTINGS, this, deps.held);
    this.#output = new SessionOutput(this.#session, socket, this);
    this.#deadline = new Deadline(() => this.#due());
    this.#settling = new Deadline(() => this.#session.fail(SETTINGS_TIMEOUT, 'settings were not acknowledged'));
    deps.deadlines.arm(this.#deadline, deps.headMs());
    deps.deadlines.arm(this.#settling, SETTINGS_ACK_MS);
    if (!borrowReads(socket, this.#onRead)) socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onGone);
    socket.on('error', this.#onGone);
    socket.on('close', this.#onGone);
    this.#session.begin();
  }

  /** Requests that are under way. */
  get requests(): number {
    return this.#session.streams.size;
  }

  /** The edge goes down: first it says so, then it takes no more requests, and ends with the last that it has (RFC 9113 §6.8). */
  leave(): void {
    if (this.#state !== 'open') return;
    this.#warned += 1;
    if (this.#warned === 1) return this.#session.warn();
    this.#session.goAway(NO_ERROR);
    this.#state = 'leaving';
    this.#closeIfDone();
  }

  destroy(): void {
    this.#socket.destroy();
    this.#onGone();
  }

  headers(stream: H2Stream, list: FieldList): void {
    if (!stream.headed) {
      const call = this.#taker.take(this.#session, stream, list, this.#end);
      if (call?.busy === true) this.#launching.push(call);
      return;
    }
    const problem = list.isTooLarge ? 'too large' : trailersProblem(list.fields);
    if (problem === undefined) return stream.handler?.trailers(list.fields);
    this.#deps.refused();
    this.#session.reset(stream, PROTOCOL_ERROR, 'peer');
    stream.handler?.gone();
  }

  data(stream: H2Stream, bytes: Buffer, from: number, to: number): void {
    if (stream.handler === undefined) this.#session.read(stream, to - from);
    else stream.handler.data(bytes.subarray(from, to), stream.remoteEnded);
  }

  reset(stream: H2Stream): void {
    stream.handler?.gone();
  }

  drained(stream: H2Stream): void {
    stream.handler?.drained();
  }

  sent(stream: H2Stream): void {
    if (stream.handler !== undefined) stream.handler.sent();
    else if (!stream.remoteEnded) LateBody.await(this.#deps, { session: this.#session, stream }, UNKNOWN_LENGTH);
  }

  /** A client that goes away opens no more streams; that is all there is to it. */
  goneAway(): void {}

  output(): void {
    if (this.#session.writer.length > OUTPUT_BYTES_MAX) return void this.#socket.destroy();
    if (!this.#stalled) this.#output.soon();
  }

  failed(code: number): void {
    if (code !== NO_ERROR) this.#deps.refused();
    this.#forgetStreams();
    this.#close();
  }

  written(): void {
    this.#stalled = this.#socket.writableNeedDrain;
    this.#closeIfDone();
    this.#wait();
  }

  readonly #onData = (chunk: Buffer): void => this.#onRead(chunk, chunk.length);

  /** What is read, up to `to`, is only lent. */
  readonly #onRead = (bytes: Buffer, to: number): void => {
    if (this.#session.stopped) return;
    try {
      this.#session.receive(bytes, 0, to, this.#deps.clock.nowMs());
      this.#launch();
      if (this.#settling !== undefined && this.#session.settled) this.#settled();
      this.#wait();
    } catch (error) {
      this.faulted(error);
    }
  };

  readonly #onDrain = (): void => {
    this.#stalled = false;
    this.#session.stall(false);
    this.output();
  };

  readonly #onGone = (): void => {
    if (this.#state === 'gone') return;
    this.#forgetStreams();
    this.#leave();
    this.#socket.destroy();
  };

  faulted(error: unknown): void {
    this.#deps.faulted(error);
    this.destroy();
  }

  /** Requests whose client has taken them back in the same breath are not sent anywhere. */
  #launch(): void {
    if (this.#launching.length === 0) return;
    for (const call of this.#launching) call.launch();
    this.#launching.length = 0;
  }

  #settled(): void {
    if (this.#settling !== undefined) this.#deps.deadlines.remove(this.#settling);
    this.#settling = undefined;
  }

  /** Waits for what is to come next, from now on if that is something else than before. */
  #wait(): void {
    if (this.#state === 'closing' || this.#state === 'gone') return;
    const next = this.#next();
    if (next === this.#waiting) return;
    this.#waiting = next;
    this.#arm();
  }

  #next(): Waiting {
    if (this.#session.midway) return 'head';
    return this.#session.streams.size > 0 ? 'busy' : 'idle';
  }

  #arm(): void {
    const { deadlines, headMs, keepAliveMs, clientIdleMs } = this.#deps;
    const ms = { head: headMs, idle: keepAliveMs, busy: clientIdleMs }[this.#waiting]();
    this.#sentBefore = this.#session.sentBytes;
    deadlines.arm(this.#deadline, ms);
  }

  #due(): void {
    if (this.#waiting === 'idle') return this.#session.fail(NO_ERROR, '');
    if (this.#waiting === 'head') return this.#session.fail(ENHANCE_YOUR_CALM, 'a frame did not come in time');
    const moved = this.#session.sentBytes !== this.#sentBefore;
    for (const stream of this.#session.streams.values()) {
      if (!stream.isStalled()) continue;
      if (!moved) return this.#session.fail(ENHANCE_YOUR_CALM, 'no window was opened in time');
      this.#session.reset(stream, CANCEL, 'peer');
      stream.handler?.gone();
    }
    if (!moved && this.#stalled) this.destroy();
    else this.#arm();
  }

  /** Whoever has a stream is told that it is no more. */
  #forgetStreams(): void {
    this.#launching.length = 0;
    for (const stream of this.#session.streams.values()) stream.handler?.gone();
    this.#session.close();
  }

  #closeIfDone(): void {
    const { streams, writer } = this.#session;
    if (this.#state === 'leaving' && streams.size === 0 && writer.length === 0) this.#close();
  }

  /** Ends the connection once the client has had time to read what was written; what it still sends is not looked at. */
  #close(): void {
    if (this.#state === 'closing' || this.#state === 'gone') return;
    this.#state = 'closing';
    this.#forgetDeadlines();
    const socket = this.#socket;
    for (const chunk of this.#session.writer.take()) socket.write(chunk);
    socket.off('data', this.#onData);
    giveBackReads(socket);
    endLingering(socket);
  }

  #leave(): void {
    this.#state = 'gone';
    this.#forgetDeadlines();
    this.#left(this);
  }

  #forgetDeadlines(): void {
    this.#deps.deadlines.remove(this.#deadline);
    this.#settled();
  }
}
