import type { ChunkScanner } from '../message/chunks.ts';
import type { ResponseHead } from '../message/response-head.ts';
import type { LateText } from '../writes/late-text.ts';
import type { Piece, UpstreamHandler } from './connection-handler.ts';

/**
 * How a body comes: there is none; with a length that was said, or in chunks, whose framing is in its pieces; or in pieces of nothing but
 * itself, and `done` says which is the last: until the connection closes, or until the stream ends.
 */
export type Framing = 'none' | 'length' | 'chunked' | 'close';

/** What a request is written to: a socket, or a stream that takes HTTP/1.1 and sends what it means. */
export type RequestSink = {
  write(data: string | Uint8Array, encoding?: 'latin1'): boolean;
  cork(): void;
  uncork(): void;
  /** All that is written in one turn of the event loop goes out together, in as many pieces as it may come. */
  readonly gathers?: boolean;
  /** It has taken more than it can send; `upstreamDrained` is called when there is room again. */
  readonly writableNeedDrain: boolean;
};

/** What one request goes out on and its answer comes in on, whatever the protocol: a connection of its own, or a stream among others. */
export type Upstream = {
  readonly socket: RequestSink;
  /** Takes a request that is whole, to be sent with what else goes out in this turn. There is none where frames are gathered in any case. */
  readonly late?: LateText;
  readonly head: ResponseHead;
  /** The piece of the body that is being handed over, in the buffer that it was read into. */
  readonly piece: Piece;
  readonly framing: Framing;
  /** Follows a body in chunks; nothing in it means anything with another framing. */
  readonly chunks: ChunkScanner;
  /** The trailers that may go on, as lines with their CRLF; only once the body has ended. Whoever it is handed to may take some out. */
  trailers: string;
  /** The answer has ended: nothing more comes of it. */
  readonly done: boolean;
  /** Nothing more can be sent, though an answer may still come. */
  readonly deaf: boolean;
  readonly paused: boolean;
  /** The head of a request is about to go out. From now on an answer is expected; with `switches` also a 101. */
  begin(handler: UpstreamHandler<Upstream>, headRequest: boolean, switches: boolean): void;
  /** What was last handed over is still being used: the next read goes elsewhere. */
  keepBytes(): void;
  pause(): void;
  resume(): void;
  /** Nobody wants what may still come of it. */
  destroy(): void;
};

/** Whether the endpoint does not take what is sent to it. */
export function isBlocked(upstream: Upstream | undefined): boolean {
  return upstream?.socket.writableNeedDrain === true;
}
