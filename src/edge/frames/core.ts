import * as error from './error-code.ts';
import { type FloodKind, Floods } from './flood.ts';
import { FRAME_BYTES, STREAM_ID_MAX, WINDOW_BYTES } from './frame-type.ts';
import type { HeldBytes } from './held-bytes.ts';
import { Inflow } from './inflow.ts';
import { Outflow, type OutflowHost } from './outflow.ts';
import type { SessionHandler } from './session-handler.ts';
import { type LocalSettings, PeerSettings } from './settings.ts';
import { Stream } from './stream.ts';
import { Streams } from './streams.ts';

/** What both directions of a connection share: its streams, what either side has said of itself, and how streams and connection end. */
export class Core<Handler> implements OutflowHost<Handler> {
  readonly own: LocalSettings;
  readonly peer: PeerSettings;
  readonly handler: SessionHandler<Handler>;
  readonly streams: Streams<Handler>;
  readonly out: Outflow<Handler>;
  readonly inflow: Inflow<Handler>;
  readonly #floods = new Floods();
  /** Nothing more is taken: the connection has failed, or is no more. */
  stopped = false;
  /** Whether the peer has acknowledged our settings. */
  settled = false;
  /** Streams above it are not taken: we have said that we go away. */
  takenUpTo = STREAM_ID_MAX;
  /** When what is now being read has come. */
  nowMs = 0;

  constructor(own: LocalSettings, handler: SessionHandler<Handler>, held: HeldBytes) {
    this.own = own;
    this.handler = handler;
    this.peer = new PeerSettings(own.role === 'server' ? 'client' : 'server');
    this.streams = new Streams(own.role);
    this.out = new Outflow(this, held, FRAME_BYTES);
    this.inflow = new Inflow(own, this.out.writer, () => handler.output());
  }

  /** A stream begins, of either side. */
  add(id: number): Stream<Handler> {
    // As long as the peer has not heard of our settings, those hold that the protocol begins with.
    const receiveWindow = this.settled ? this.own.streamWindowBytes : WINDOW_BYTES;
    const stream = new Stream<Handler>(id, this.peer.windowBytes, receiveWindow);
    this.streams.add(stream);
    return stream;
  }

  /** The peer has acknowledged our settings: the windows of the streams that there are change with them (RFC 9113 §6.9.2). */
  settle(): void {
    if (this.settled) return;
    this.settled = true;
    for (const stream of this.streams.open.values()) stream.receiveWindow += this.own.streamWindowBytes - WINDOW_BYTES;
  }

  remove(stream: Stream<Handler>, how: 'reset-here' | 'ended'): void {
    this.out.drop(stream);
    this.inflow.passedOver(stream.unread);
    this.streams.remove(stream, how);
  }

  /** Resets a stream. */
  reset(stream: Stream<Handler>, code: number): void {
    this.out.writer.reset(stream.id, code);
    this.output();
    this.remove(stream, 'reset-here');
  }

  /** Resets a stream for an error of the peer's, which it may not have happen too often (RFC 9113 §5.4.2). */
  streamError(stream: Stream<Handler>, code: number): void {
    if (!this.spend('reset', TOO_MANY_RESETS)) return;
    this.reset(stream, code);
    this.handler.reset(stream, code);
  }

  /** The same of a stream that nobody has heard of yet. */
  refuse(id: number, code: number): void {
    if (!this.spend('reset', TOO_MANY_RESETS)) return;
    this.out.writer.reset(id, code);
    this.output();
    this.streams.refuse(id);
  }

  /** The peer has sent a frame of this kind; false when it was one too many, and the connection has failed. */
  spend(kind: FloodKind, cause: string): boolean {
    if (this.#floods.spend(kind, this.nowMs)) return true;
    this.fail(error.ENHANCE_YOUR_CALM, cause);
    return false;
  }

  /** A request or an answer has come: what clients measure and say beside them is to be expected. */
  requested(): void {
    this.#floods.earn('ping', 1);
    this.#floods.earn('idle', 2);
  }

  goAway(code: number, why: string): void {
    this.takenUpTo = this.streams.peerLast;
    this.out.writer.goaway(this.takenUpTo, code, why);
    this.output();
  }

  /** Ends the connection for an error (§5.4.1). */
  fail(code: number, cause: string): void {
    if (this.stopped) return;
    this.goAway(code, cause);
    this.stopped = true;
    this.handler.failed(code, cause);
  }

  output(): void {
    this.handler.output();
  }

  drained(stream: Stream<Handler>): void {
    this.handler.drained(stream);
  }

  progressed(): void {
    this.#floods.earn('window', 2);
  }

  sentLast(stream: Stream<Handler>): void {
    if (stream.remoteEnded) this.remove(stream, 'ended');
    this.handler.sent?.(stream);
  }
}

export const TOO_MANY_RESETS = 'too many streams were reset';
