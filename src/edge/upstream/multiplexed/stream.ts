import type { FieldList } from '../../frames/hpack/field-list.ts';
import type { Stream } from '../../frames/stream.ts';
import { ChunkScanner } from '../../message/chunks.ts';
import { ResponseHead, UNTIL_CLOSE } from '../../message/response-head.ts';
import { acceptOf } from '../../tunnel/web-socket-key.ts';
import type { Piece, UpstreamFailure, UpstreamHandler } from '../connection-handler.ts';
import { INTERIMS_MAX } from '../limits.ts';
import type { Framing, RequestSink, Upstream } from '../upstream.ts';
import { readAnswerFields, saysNoBody, trailerLines } from './answer-fields.ts';
import { endpointSide } from './endpoint-side.ts';
import type { EndpointStreamHandler } from './endpoint-stream-handler.ts';
import { RequestBodyReader } from './request-body-reader.ts';
import { requestFields, trailerFields } from './request-fields.ts';
import type { StreamHome } from './stream-home.ts';
import { tunnelFields } from './tunnel-fields.ts';

/**
 * One request on one stream of a connection that many share, for whoever knows requests as HTTP/1.1 writes them: it takes a head and a body as
 * a socket would, and hands over the answer as a connection of its own would.
 */
export class UpstreamStream implements Upstream, RequestSink, EndpointStreamHandler {
  readonly head = new ResponseHead();
  readonly piece: Piece = { bytes: NOTHING, from: 0, to: 0 };
  readonly chunks = NO_CHUNKS;
  readonly gathers = true;
  framing: Framing = 'none';
  trailers = '';
  done = false;
  deaf = false;
  paused = false;
  readonly #home: StreamHome;
  readonly #body = new RequestBodyReader();
  #handler: UpstreamHandler<Upstream> | undefined;
  #stream: Stream<EndpointStreamHandler> | undefined;
  #sinceMs = 0;
  #headRequest = false;
  /** Whether it asks for a WebSocket, and the key that it would have by HTTP/1.1. */
  #switches = false;
  #key = '';
  #interims = 0;
  /** The head of the answer has come and has not been handed over. */
  #headWaits = false;
  /** Bytes of the body that are still to come by what its head says; negative when it does not say. */
  #left = UNTIL_CLOSE;
  /** Bytes that were handed over while nobody wanted them: the endpoint is not told that it may send more. */
  #unread = 0;
  /** Some of the request waits for a window. */
  #waits = false;

  constructor(home: StreamHome) {
    this.#home = home;
  }

  get socket(): RequestSink {
    return this;
  }

  get writableNeedDrain(): boolean {
    return (this.#stream?.pendingBytes ?? 0) > 0;
  }

  begin(handler: UpstreamHandler<Upstream>, headRequest: boolean, switches: boolean): void {
    this.#handler = handler;
    this.#headRequest = headRequest;
    this.#switches = switches;
  }

  /** Takes a head first, and what of the body there is behind it; then more of the body, framed as the head says. */
  write(data: string | Uint8Array): boolean {
    if (this.#stream === undefined) return this.#writeHead(data as string);
    return this.#writeBody(asBuffer(data));
  }

  cork(): void {}

  /** Frames go out at the end of the turn in any case. */
  uncork(): void {}

  #writeHead(text: string): boolean {
    this.#sinceMs = this.#home.nowMs();
    if (this.#switches) return this.#askForTunnel(text);
    const { fields, length, end } = requestFields(text, this.#home.secure);
    this.#body.begin(length);
    this.#stream = this.#home.open(this, fields, length === 0);
    return end === text.length || this.#writeBody(Buffer.from(text.slice(end), 'latin1'));
  }

  #askForTunnel(text: string): boolean {
    const { fields, key } = tunnelFields(text, this.#home.secure);
    this.#key = key;
    this.#stream = this.#home.open(this, fields, false);
    return true;
  }

  #writeBody(bytes: Buffer): boolean {
    const stream = this.#stream as Stream<EndpointStreamHandler>;
    if (this.deaf || stream.closed || stream.localEnded) return true;
    let all: boolean | undefined = true;
    this.#body.read(bytes, (piece) => {
      if (all !== undefined) all = this.#home.send(stream, piece) === true && all;
    });
    if (stream.closed) return true;
    this.#waits = !all;
    if (this.#body.done) this.#home.end(stream, trailerFields(this.#body.trailers));
    return all;
  }

  /** A header block has come: a head, or trailers. */
  fields(list: FieldList): void {
    const stream = this.#stream as Stream<EndpointStreamHandler>;
    if (this.#handler === undefined) return;
    if (stream.headed) return this.#readTrailers(list);
    if (list.isTooLarge) return this.#break('its head is too large', 'too-large');
    const problem = readAnswerFields(list, this.head);
    if (problem !== '') return this.#break(problem);
    if (this.head.status < 200) return this.#interim(stream.remoteEnded);
    this.#readFinal(stream);
  }

  #readFinal(stream: Stream<EndpointStreamHandler>): void {
    stream.headed = true;
    const { status } = this.head;
    if (this.#switches && status < 300) return this.#switch(stream);
    const bodiless = this.#headRequest || status === 204 || status === 304;
    if (stream.remoteEnded && !bodiless && !saysNoBody(this.head))
      return this.#break('its body is shorter than it says');
    const { length } = this.head;
    this.#left = bodiless ? 0 : length;
    if (bodiless || length === 0) this.framing = 'none';
    else this.framing = length === UNTIL_CLOSE ? 'close' : 'length';
    this.#headWaits = true;
    // What has nothing behind it is handed over now; else the first of the body is likely to come with it.
    if (this.framing === 'none') this.#handOver(NOTHING, true);
    else this.#home.awaitBody(this);
  }

  /** It speaks the other protocol now: as HTTP/1.1 says it, to whoever asked for it in that. */
  #switch(stream: Stream<EndpointStreamHandler>): void {
    const handler = this.#handler;
    this.#detach();
    this.head.status = 101;
    this.head.upgrade = 'websocket';
    this.head.lines += `sec-websocket-accept: ${acceptOf(this.#key)}\r\n`;
    handler?.switched(this, endpointSide(this.#home, stream));
  }

  /** A piece of the body has come. */
  data(bytes: Buffer, from: number, to: number): void {
    const stream = this.#stream as Stream<EndpointStreamHandler>;
    const length = to - from;
    if (this.#handler === undefined || this.done) return this.#surplus(stream, length);
    if (this.#left !== UNTIL_CLOSE) {
      this.#left -= length;
      if (this.#left < 0) return this.#break('its body is longer than it says');
      if (stream.remoteEnded && this.#left > 0) return this.#break('its body is shorter than it says');
    }
    if (this.paused) this.#unread += length;
    else this.#home.read(stream, length);
    // A view of its own, so that nobody writes before it: what lies there is another stream's.
    this.#handOver(bytes.subarray(from, to), stream.remoteEnded);
  }

  /** All that has come by now has been read: a head that waits is handed over as it is. */
  endOfRead(): void {
    if (this.#headWaits) this.#handOver(NOTHING, false);
  }

  /** What could not be sent at once has been sent. */
  drained(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#handler?.upstreamDrained();
  }

  /** The last of it has been sent, perhaps behind what had to wait. */
  sent(): void {
    this.drained();
  }

  /** The stream, or its connection, is no more. */
  lost(cause: string, kind: UpstreamFailure): void {
    const handler = this.#handler;
    this.#detach();
    if (!this.done) handler?.upstreamFailed(cause, kind);
  }

  /** Whether anything has come of the answer. */
  get answered(): boolean {
    return this.#interims > 0 || this.#stream?.headed === true;
  }

  /** Whether anything has come on the connection since the request went out. */
  get heard(): boolean {
    return this.#home.heardMs >= this.#sinceMs;
  }

  faulted(error: unknown): void {
    const handler = this.#handler;
    this.destroy();
    if (handler === undefined) throw error;
    handler.faulted(error);
  }

  keepBytes(): void {
    this.#home.keepBytes();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    const unread = this.#unread;
    this.#unread = 0;
    if (unread > 0 && this.#stream !== undefined) this.#home.read(this.#stream, unread);
  }

  destroy(): void {
    const stream = this.#stream;
    const quiet = this.#handler !== undefined && stream !== undefined && !this.answered && !this.heard;
    this.#detach();
    if (stream !== undefined && !stream.closed) this.#home.cancel(stream);
    if (quiet) this.#home.suspect();
  }

  #detach(): void {
    this.#handler = undefined;
    this.#headWaits = false;
    this.deaf = true;
  }

  #interim(last: boolean): void {
    this.#interims += 1;
    if (last) this.#break('it ends with an interim answer');
    else if (this.#interims > INTERIMS_MAX) this.#break('too many interim answers');
    else this.#handler?.interim(this);
  }

  #readTrailers(list: FieldList): void {
    if (this.done) return;
    const lines = list.isTooLarge ? undefined : trailerLines(list);
    if (lines === undefined) return this.#break('its trailers are not valid');
    if (this.#left > 0) return this.#break('its body is shorter than it says');
    this.trailers = lines;
    this.#handOver(NOTHING, true);
  }

  #handOver(bytes: Buffer, last: boolean): void {
    const handler = this.#handler as UpstreamHandler<Upstream>;
    const { piece } = this;
    piece.bytes = bytes;
    piece.from = 0;
    piece.to = bytes.length;
    this.done = last;
    const first = this.#headWaits;
    this.#headWaits = false;
    if (first) handler.answered(this);
    else handler.more(this);
    if (last && this.#handler === handler) this.#finish();
  }

  /** The answer is whole. A request that was not read to its end is of no interest any more. */
  #finish(): void {
    const stream = this.#stream as Stream<EndpointStreamHandler>;
    const { localEnded, closed } = stream;
    this.#detach();
    if (!localEnded && !closed) this.#home.cancel(stream);
  }

  /** What comes behind an answer that has no body: its end, which may come by itself, and nothing else. */
  #surplus(stream: Stream<EndpointStreamHandler>, length: number): void {
    if (length > 0) this.#home.cancel(stream);
  }

  #break(cause: string, kind: UpstreamFailure = 'bad-response'): void {
    const handler = this.#handler;
    const stream = this.#stream;
    this.#detach();
    if (stream !== undefined && !stream.closed) this.#home.cancel(stream);
    handler?.upstreamFailed(cause, kind);
  }
}

function asBuffer(data: string | Uint8Array): Buffer {
  if (data instanceof Buffer) return data;
  return typeof data === 'string'
    ? Buffer.from(data, 'latin1')
    : Buffer.from(data.buffer, data.byteOffset, data.length);
}

const NOTHING: Buffer = Buffer.alloc(0);
/** No answer here comes in chunks. */
const NO_CHUNKS = new ChunkScanner();
