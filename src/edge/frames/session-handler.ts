import type { FieldList } from './hpack/field-list.ts';
import type { Stream } from './stream.ts';

/** What a session calls as something happens on its connection. None of these may throw; each may call the session at once. */
export type SessionHandler<Handler> = {
  /**
   * A header block has come on a stream: the head of a request, which is the first that is heard of its stream; an answer's, final or
   * not; or trailers. `stream.remoteEnded` says whether it is the last. A list that is too large has only its beginning.
   */
  headers(stream: Stream<Handler>, list: FieldList): void;
  /** A piece of a body, lent for now. `session.read()` is to be called once it has been dealt with. `stream.remoteEnded`: the last one. */
  data(stream: Stream<Handler>, bytes: Buffer, from: number, to: number): void;
  /** The stream is no more: the peer has reset it, or has made an error for which it was reset. */
  reset(stream: Stream<Handler>, code: number): void;
  /** All that was given to a stream has been sent. */
  drained(stream: Stream<Handler>): void;
  /** The last of this side has been written; the stream is open as long as the other side has not ended it. */
  sent?(stream: Stream<Handler>): void;
  /** The peer takes no streams above this one any more. */
  goneAway(lastStreamId: number, code: number): void;
  /** There is output where there was none. */
  output(): void;
  /** The connection is to be closed once the output has been written. Nothing is called for its streams. `code`: see error-code.ts. */
  failed(code: number, cause: string): void;
};
