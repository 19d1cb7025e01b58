import { invariant } from '../../table/invariant.ts';
import { Core, TOO_MANY_RESETS } from './core.ts';
import { ENHANCE_YOUR_CALM, NO_ERROR, PROTOCOL_ERROR } from './error-code.ts';
import { PREFACE, STREAM_ID_MAX } from './frame-type.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { OutField } from './hpack/out-field.ts';
import { Receiver } from './receiver.ts';
import type { SessionHandler } from './session-handler.ts';
import { type LocalSettings, type PeerSettings, settingsPairs } from './settings.ts';
import type { Stream } from './stream.ts';

/**
 * One connection of HTTP/2 (RFC 9113), of either side, without a socket and without a clock: bytes come in by `receive`, what is to be
 * written is in `writer` once `output` was called, and the handler is called for everything that happens.
 *
 * An error of the peer's that leaves no doubt about the rest resets its stream; any other one ends the connection. What a frame says of a
 * stream that has been reset here was under way, and is passed over.
 */
export class Session<Handler> {
  readonly #core: Core<Handler>;
  readonly #receiver: Receiver<Handler>;
  /** Bytes of the client's preface that are still to come. */
  #prefaceLeft: number;

  /** `held` counts what waits for windows to open, for all connections of a thread. */
  constructor(own: LocalSettings, handler: SessionHandler<Handler>, held: HeldBytes) {
    this.#core = new Core(own, handler, held);
    this.#receiver = new Receiver(this.#core);
    this.#prefaceLeft = own.role === 'server' ? PREFACE.length : 0;
  }

  /** Where the output is, to be taken. */
  get writer(): FrameWriter {
    return this.#core.out.writer;
  }

  /** What the peer has said of itself. */
  get peer(): PeerSettings {
    return this.#core.peer;
  }

  /** Streams that are open, of both sides. */
  get streams(): ReadonlyMap<number, Stream<Handler>> {
    return this.#core.streams.open;
  }

  /** Bytes of bodies that have been sent, on all streams. */
  get sentBytes(): number {
    return this.#core.out.sentBytes;
  }

  /** Whether the peer has acknowledged our settings. */
  get settled(): boolean {
    return this.#core.settled;
  }

  /** Whether a frame or a header block has begun and not ended, or nothing has come yet. */
  get midway(): boolean {
    return this.#receiver.midway;
  }

  /** Nothing more is taken: the connection has failed, or is no more. */
  get stopped(): boolean {
    return this.#core.stopped;
  }

  /** Says what is to be said first. */
  begin(): void {
    if (this.#core.own.role === 'client') this.writer.raw(PREFACE);
    this.writer.settings(settingsPairs(this.#core.own));
    this.#core.inflow.begin();
    this.#core.output();
  }

  /** Takes what has come at `nowMs`, up to `to`; the bytes are lent. */
  receive(bytes: Buffer, from: number, to: number, nowMs: number): void {
    this.#core.nowMs = nowMs;
    const at = this.#prefaceLeft === 0 ? from : this.#takePreface(bytes, from, to);
    if (!this.stopped) this.#receiver.read(bytes, at, to);
  }

  /** Whether a stream can be opened now. */
  get canOpen(): boolean {
    const { ownLast, open, peerOpen } = this.#core.streams;
    return !this.stopped && ownLast + 2 <= STREAM_ID_MAX && open.size - peerOpen < this.peer.streamsMax;
  }

  /** Opens a stream of our own, as clients do. Only where it can be opened now. */
  open(handler: Handler, fields: readonly OutField[], ended: boolean): Stream<Handler> {
    invariant(this.canOpen, 'a stream is opened where the peer takes it');
    const { ownLast } = this.#core.streams;
    const stream = this.#core.add(ownLast === 0 ? 1 : ownLast + 2);
    stream.handler = handler;
    this.headers(stream, fields, ended);
    return stream;
  }

  /** Sends a header block: a head, final or not. */
  headers(stream: Stream<Handler>, fields: readonly OutField[], ended: boolean): void {
    invariant(!stream.localEnded && !stream.closed, 'a head is sent on a stream that takes one');
    this.#core.out.headers(stream, fields, ended);
  }

  /**
   * Sends more of a body; the bytes are lent. False: some of it waits, and no more is wanted until `drained`. Undefined: there was no room
   * for what has to wait, and the stream was reset without a call of the handler.
   */
  data(stream: Stream<Handler>, bytes: Buffer, from: number, to: number): boolean | undefined {
    const all = this.#core.out.data(stream, bytes, from, to);
    if (all === undefined) this.reset(stream, ENHANCE_YOUR_CALM);
    return all;
  }

  /** Ends this side of a stream, behind its body, with trailers or without. */
  end(stream: Stream<Handler>, trailers?: readonly OutField[]): void {
    this.#core.out.end(stream, trailers);
  }

  /** The handler has dealt with so many bytes of a body. */
  read(stream: Stream<Handler>, bytes: number): void {
    this.#core.inflow.read(stream, bytes);
  }

  /** Ends a stream here and now, without a call of the handler. Where the peer is to blame, it may not have it happen too often. */
  reset(stream: Stream<Handler>, code: number, blame: 'own' | 'peer' = 'own'): void {
    if (stream.closed) return;
    this.#core.reset(stream, code);
    if (blame === 'peer') this.#core.spend('reset', TOO_MANY_RESETS);
  }

  /** Asks the peer whether it is there; whatever comes next says so. */
  ping(): void {
    this.writer.ping(NOTHING_TO_SAY, 0, 0);
    this.#core.output();
  }

  /** First of two steps: no more streams are wanted, but those that are under way are taken (§6.8). */
  warn(): void {
    this.writer.goaway(STREAM_ID_MAX, NO_ERROR, '');
    this.#core.output();
  }

  /** Streams that begin from now on are not taken; `why` goes along, for whoever debugs the peer. */
  goAway(code: number, why = ''): void {
    this.#core.goAway(code, why);
  }

  /** Ends the connection for an error, with a call of the handler. */
  fail(code: number, cause: string): void {
    this.#core.fail(code, cause);
  }

  /** The socket takes no more for now, or takes more again. */
  stall(stalled: boolean): void {
    this.#core.out.stalled = stalled;
    if (!stalled) this.#core.out.drain();
  }

  /** The connection is no more: what is held for its streams is let go of. */
  close(): void {
    this.#core.stopped = true;
    for (const stream of this.streams.values()) this.#core.remove(stream, 'ended');
  }

  #takePreface(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#prefaceLeft);
    const begun = PREFACE.length - this.#prefaceLeft;
    if (PREFACE.compare(bytes, from, end, begun, begun + end - from) !== 0) {
      this.#core.fail(PROTOCOL_ERROR, 'the connection does not begin as HTTP/2 does');
    }
    this.#prefaceLeft -= end - from;
    return end;
  }
}

const NOTHING_TO_SAY: Buffer = Buffer.alloc(8);
