import { WINDOW_BYTES, WINDOW_BYTES_MAX } from './frame-type.ts';
import { FrameWriter } from './frame-writer.ts';
import type { HeldBytes } from './held-bytes.ts';
import { Encoder } from './hpack/encoder.ts';
import type { OutField } from './hpack/out-field.ts';
import type { Stream } from './stream.ts';

/** Bytes that may wait to be written before bodies have to wait, too. */
export const UNWRITTEN_BYTES_MAX = 256 * 1024;

/** A DATA frame with fewer bytes than this is hardly worth its head. */
const WORTHWHILE_BYTES = 1024;

/** What the sending side of a connection tells the rest of it. */
export type OutflowHost<Handler> = {
  /** There is something to be written. */
  output(): void;
  /** This side of a stream has ended. */
  sentLast(stream: Stream<Handler>): void;
  /** Nothing of a stream is pending any more. */
  drained(stream: Stream<Handler>): void;
  /** A DATA frame that is worth its head, or the last of a stream, has been sent. */
  progressed(): void;
};

/** The sending side of a connection: header blocks at once, bodies as the windows allow (RFC 9113 §5.2), stream by stream in turn. */
export class Outflow<Handler> {
  readonly writer = new FrameWriter();
  readonly encoder = new Encoder();
  /** Bytes that may be sent on the connection. */
  window = WINDOW_BYTES;
  /** The connection takes no more for now: what there is of bodies waits. */
  stalled = false;
  readonly frameBytes: number;
  /** Bytes of bodies that have been sent. */
  sentBytes = 0;
  readonly #host: OutflowHost<Handler>;
  readonly #held: HeldBytes;
  /** Streams with something pending that their own window allows, in the order of their turns. */
  #waiting: Set<Stream<Handler>> | undefined;

  constructor(host: OutflowHost<Handler>, held: HeldBytes, frameBytes: number) {
    this.#host = host;
    this.#held = held;
    this.frameBytes = frameBytes;
  }

  headers(stream: Stream<Handler>, fields: readonly OutField[], ended: boolean): void {
    this.writer.headers(stream.id, this.encoder.encode(fields), ended);
    this.#host.output();
    if (ended) this.#ended(stream);
  }

  /**
   * More of a body; what there is no room for is copied and sent later. False when something is pending: the handler is told when it is
   * `drained`. Undefined when there is no room to keep it either: the stream cannot go on.
   */
  data(stream: Stream<Handler>, bytes: Buffer, from: number, to: number): boolean | undefined {
    const at = stream.pendingBytes > 0 ? from : this.#send(stream, bytes, from, to);
    if (at === to) return true;
    if (!this.#held.take(to - at)) return undefined;
    stream.pending.push(Buffer.from(bytes.subarray(at, to)));
    stream.pendingBytes += to - at;
    this.#wait(stream);
    return false;
  }

  /** Nothing more comes of a body, but for the trailers, if there are any. */
  end(stream: Stream<Handler>, trailers?: readonly OutField[]): void {
    if (stream.pendingBytes > 0) stream.ending = trailers ?? true;
    else if (trailers !== undefined) this.headers(stream, trailers, true);
    else {
      this.writer.end(stream.id);
      this.#host.output();
      this.#ended(stream);
    }
  }

  /** Lets go of what is pending. */
  drop(stream: Stream<Handler>): void {
    this.#waiting?.delete(stream);
    this.#held.give(stream.pendingBytes);
    stream.pending.length = 0;
    stream.pendingBytes = 0;
  }

  /** The window of a stream is larger; false when it became too large (§6.9.1). */
  widen(stream: Stream<Handler>, bytes: number): boolean {
    stream.sendWindow += bytes;
    if (stream.sendWindow > WINDOW_BYTES_MAX) return false;
    if (stream.pendingBytes > 0 && stream.sendWindow > 0) {
      this.#wait(stream);
      this.drain();
    }
    return true;
  }

  /** The same of the connection's. */
  widenAll(bytes: number): boolean {
    this.window += bytes;
    if (this.window > WINDOW_BYTES_MAX) return false;
    this.drain();
    return true;
  }

  /** Sends what is pending, a frame of each stream in turn. */
  drain(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    while (waiting.size > 0 && this.#mayWrite()) {
      for (const stream of waiting) {
        if (!this.#mayWrite()) return;
        waiting.delete(stream);
        this.#sendPending(stream);
        if (stream.pendingBytes > 0 && stream.sendWindow > 0) waiting.add(stream);
      }
    }
  }

  #wait(stream: Stream<Handler>): void {
    this.#waiting ??= new Set();
    this.#waiting.add(stream);
  }

  #mayWrite(): boolean {
    return this.window > 0 && !this.stalled && this.writer.length < UNWRITTEN_BYTES_MAX;
  }

  #sendPending(stream: Stream<Handler>): void {
    const first = stream.pending[0] as Buffer;
    const sent = this.#send(stream, first, 0, Math.min(first.length, this.frameBytes));
    if (sent === first.length) stream.pending.shift();
    else stream.pending[0] = first.subarray(sent);
    stream.pendingBytes -= sent;
    this.#held.give(sent);
    if (stream.pendingBytes > 0) return;
    const { ending } = stream;
    if (ending === false) this.#host.drained(stream);
    else this.end(stream, ending === true ? undefined : ending);
  }

  /** Sends as much as may be sent now; returns the offset after it. */
  #send(stream: Stream<Handler>, bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && stream.sendWindow > 0 && this.#mayWrite()) {
      const length = Math.min(to - at, this.frameBytes, stream.sendWindow, this.window);
      this.writer.data(stream.id, bytes, at, at + length);
      stream.sendWindow -= length;
      stream.sentBytes += length;
      this.sentBytes += length;
      this.window -= length;
      at += length;
      if (length >= WORTHWHILE_BYTES || at === to) this.#host.progressed();
    }
    if (at > from) this.#host.output();
    return at;
  }

  #ended(stream: Stream<Handler>): void {
    stream.localEnded = true;
    this.#host.progressed();
    this.#host.sentLast(stream);
  }
}
