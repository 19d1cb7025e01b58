import type { Socket } from 'node:net';
import type { Address } from '../../table/addresses.ts';
import { ANSWER_HEAD_BYTES_MAX } from '../../table/answer-limits.ts';
import { Deadline } from '../../table/deadlines.ts';
import { ChunkScanner } from '../message/chunks.ts';
import { INCOMPLETE, UNUSUAL } from '../message/fields.ts';
import { CHUNKED, ResponseHead, UNTIL_CLOSE } from '../message/response-head.ts';
import { SocketSide } from '../tunnel/socket-side.ts';
import { LateText } from '../writes/late-text.ts';
import { AnswerHeads, isMisplaced } from './answer-heads.ts';
import type { Piece, UpstreamFailure, UpstreamHandler, UpstreamHome } from './connection-handler.ts';
import { INTERIMS_MAX } from './limits.ts';
import { HEADROOM_BYTES, newBuffer } from './read-buffer.ts';
import type { Framing, Upstream } from './upstream.ts';

const NOTHING = Buffer.alloc(0);

/**
 * One keep-alive connection to an endpoint, one request at a time. It reads answers into a buffer of its own, parses their heads in
 * place and follows their framing. An idle one on which anything comes is closed: else that would be the answer to the next request.
 */
export class UpstreamConnection implements Upstream {
  readonly head = new ResponseHead();
  readonly chunks = new ChunkScanner();
  readonly home: UpstreamHome<UpstreamConnection>;
  readonly address: Address;
  /** Ends it when it has been idle for too long. */
  readonly idleDeadline: Deadline;
  /** Retires it when it has become too old. */
  readonly ageDeadline: Deadline;
  socket!: Socket;
  readonly late = new LateText(this);
  handler: UpstreamHandler<Upstream> | undefined;
  readonly piece: Piece = { bytes: NOTHING, from: 0, to: 0 };
  done = false;
  framing: Framing = 'none';
  /** Requests that were sent on it. */
  sent = 0;
  closed = false;
  deaf = false;
  /** Whether its pool has it among the idle ones. */
  pooled = false;
  /** It finishes what it has, and then takes no more requests. */
  retired = false;
  paused = false;
  #buffer = newBuffer();
  readonly #heads = new AnswerHeads();
  /** Bytes of an incomplete head at the beginning of the buffer. */
  #waiting = 0;
  #reading: 'idle' | 'head' | 'body' = 'idle';
  #left = 0;
  #noBody = false;
  #interims = 0;
  #switches = false;
  #kept = false;

  constructor(home: UpstreamHome<UpstreamConnection>, address: Address) {
    this.home = home;
    this.address = address;
    this.idleDeadline = new Deadline(() => this.destroy());
    this.ageDeadline = new Deadline(() => this.retire());
  }

  /** No more requests: ends it now, or when the one that it has is done. */
  retire(): void {
    this.retired = true;
    if (this.pooled) this.destroy();
  }

  /** Where the socket is to put what it reads next. */
  readonly nextBuffer = (): Uint8Array => {
    if (this.#kept) {
      this.#buffer = newBuffer();
      this.#kept = false;
    }
    return this.#waiting === 0 ? this.#buffer.view : this.#buffer.whole.subarray(HEADROOM_BYTES + this.#waiting);
  };

  /** Takes what the socket has read. False stops the reading, until `socket.resume()`. */
  readonly onRead = (count: number): boolean => {
    try {
      this.#read(HEADROOM_BYTES, HEADROOM_BYTES + this.#waiting + count);
    } catch (error) {
      this.#faulted(error);
    }
    return !this.closed && !this.paused;
  };

  /** It has no buffer to read into: what its socket gives is read, so that the socket can be handed on. */
  readAsStream(): void {
    this.retired = true;
    this.socket.on('data', this.#onData);
  }

  readonly #onData = (bytes: Buffer): void => {
    let at = 0;
    while (at < bytes.length && !this.closed) {
      const into = this.nextBuffer();
      const end = Math.min(bytes.length, at + into.length);
      into.set(bytes.subarray(at, end));
      this.onRead(end - at);
      at = end;
    }
  };

  #read(from: number, to: number): void {
    if (this.#reading === 'idle' || this.handler === undefined) return this.destroy();
    if (this.late.waits) {
      // The request has not been written yet. On a connection that was used before, these bytes cannot be its answer.
      if (this.sent > 1) return this.lost('');
      this.late.writeNow();
    }
    if (this.#reading === 'head') this.#readHead(this.#buffer.whole, from, to);
    else this.#follow(this.#buffer.whole, from, to, false);
  }

  #faulted(error: unknown): void {
    const { handler } = this;
    this.destroy();
    if (handler === undefined) throw error;
    handler.faulted(error);
  }

  /** The head of a request, and what of its body is here, go out. From now on an answer is expected; with `switches` also a 101. */
  begin(handler: UpstreamHandler<Upstream>, headRequest: boolean, switches: boolean): void {
    this.#switches = switches;
    this.handler = handler;
    this.done = false;
    this.sent += 1;
    this.#noBody = headRequest;
    this.#reading = 'head';
    this.#waiting = 0;
    this.#interims = 0;
  }

  /** What was last handed over is still being written: the next read goes elsewhere. */
  keepBytes(): void {
    this.#kept = true;
  }

  get trailers(): string {
    return this.framing === 'chunked' ? this.chunks.trailers : '';
  }
  set trailers(lines: string) {
    this.chunks.trailers = lines;
  }

  pause(): void {
    if (this.paused || this.closed) return;
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.paused || this.closed) return;
    this.paused = false;
    this.socket.resume();
  }

  /** Nobody wants what may still come of it. */
  destroy(): void {
    if (this.closed) return;
    this.closed = true;
    this.handler = undefined;
    this.#reading = 'idle';
    this.home.gone(this);
    this.socket.destroy();
  }

  /** The other side has ended or broken the connection, with the error's code if there was one. */
  lost(code: string): void {
    if (this.closed) return;
    const { handler } = this;
    if (handler !== undefined && !this.done) {
      if (this.#reading === 'body' && this.framing === 'close' && code === '') return this.#endByClose(handler);
      const kind = this.#kindOfLoss();
      this.destroy();
      handler.upstreamFailed(code === '' ? 'the endpoint closed the connection' : code, kind);
    } else this.destroy();
  }

  #kindOfLoss(): UpstreamFailure {
    if (this.late.waits) return 'unprocessed';
    const stale = this.sent > 1 && this.#reading === 'head' && this.#waiting === 0 && this.#interims === 0;
    return stale ? 'stale-connection' : 'reset';
  }

  #endByClose(handler: UpstreamHandler<Upstream>): void {
    this.done = true;
    this.#setPiece(NOTHING, 0, 0);
    handler.more(this);
    this.destroy();
  }

  #setPiece(bytes: Buffer, from: number, to: number): void {
    const { piece } = this;
    piece.bytes = bytes;
    piece.from = from;
    piece.to = to;
  }

  #readHead(bytes: Buffer, from: number, to: number): void {
    let at = from;
    for (;;) {
      const end = this.#heads.read(this.#buffer, at, to, this.head);
      if (end === INCOMPLETE) return this.#waitForHead(bytes, at, to);
      if (end - at > ANSWER_HEAD_BYTES_MAX) return this.#break('its head is too large', 'too-large');
      if (end === UNUSUAL || isMisplaced(this.head, this.#switches))
        return this.#break('its head is not valid HTTP/1.1');
      if (this.head.status >= 200) return this.#startBody(bytes, end, to);
      if (this.head.status === 101) return this.#switch(bytes, end, to);
      this.#interims += 1;
      if (this.#interims > INTERIMS_MAX) return this.#break('too many interim answers');
      this.handler?.interim(this);
      if (this.closed || this.handler === undefined) return;
      at = end;
    }
  }

  /** What comes behind a 101 is the stream's. */
  #switch(bytes: Buffer, from: number, to: number): void {
    const { handler, socket } = this;
    this.closed = true;
    this.handler = undefined;
    this.#reading = 'idle';
    this.home.gone(this);
    socket.off('data', this.#onData);
    socket.pause();
    if (from < to) socket.unshift(Buffer.from(bytes.subarray(from, to)));
    handler?.switched(this, new SocketSide(socket));
  }

  #waitForHead(bytes: Buffer, from: number, to: number): void {
    if (from > HEADROOM_BYTES) bytes.copyWithin(HEADROOM_BYTES, from, to);
    this.#waiting = to - from;
    if (this.#waiting > ANSWER_HEAD_BYTES_MAX) this.#break('its head is too large', 'too-large');
  }

  #startBody(bytes: Buffer, from: number, to: number): void {
    const { head } = this;
    this.#waiting = 0;
    this.#reading = 'body';
    if (this.#noBody || head.status === 204 || head.status === 304) this.framing = 'none';
    else if (head.length === CHUNKED) {
      this.framing = 'chunked';
      this.chunks.reset();
    } else if (head.length === UNTIL_CLOSE) this.framing = 'close';
    else {
      this.framing = head.length === 0 ? 'none' : 'length';
      this.#left = head.length;
    }
    this.#follow(bytes, from, to, true);
  }

  /** Hands over what of these bytes belongs to the body, and ends with it. */
  #follow(bytes: Buffer, from: number, to: number, first: boolean): void {
    const end = this.#endOfBody(bytes, from, to);
    const handler = this.handler as UpstreamHandler<Upstream>;
    if (this.framing === 'chunked' && this.chunks.broken) return this.#break('its chunks are not valid');
    const surplus = end < to;
    this.done = this.#isDone();
    this.#setPiece(bytes, from, end);
    if (first) handler.answered(this);
    else handler.more(this);
    // Whoever took it may have let go of the connection.
    if (this.handler !== handler || this.closed || !this.done) return;
    this.handler = undefined;
    this.#reading = 'idle';
    if (surplus || !this.head.keepAlive) this.destroy();
    else this.home.release(this);
  }

  #endOfBody(bytes: Buffer, from: number, to: number): number {
    switch (this.framing) {
      case 'none':
        return from;
      case 'length': {
        const piece = Math.min(this.#left, to - from);
        this.#left -= piece;
        return from + piece;
      }
      case 'chunked':
        return this.chunks.scan(bytes, from, to);
      default:
        return to;
    }
  }

  #isDone(): boolean {
    if (this.framing === 'none') return true;
    if (this.framing === 'length') return this.#left === 0;
    return this.framing === 'chunked' && this.chunks.done;
  }

  #break(cause: string, kind: UpstreamFailure = 'bad-response'): void {
    const { handler } = this;
    this.destroy();
    handler?.upstreamFailed(cause, kind);
  }
}
