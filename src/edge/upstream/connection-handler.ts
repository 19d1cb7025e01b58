import type { TunnelSide } from '../tunnel/side.ts';

/**
 * `stale-connection`: it had been used before, and broke before any byte of this answer, as one does that the endpoint has closed
 * while nobody used it. `unprocessed`: the endpoint has said so (RFC 9113 §8.7), or it broke before the request had gone out; any request
 * may go out again. `too-large`: it did answer, and this edge's own limit is in the way.
 */
export type UpstreamFailure = 'reset' | 'bad-response' | 'stale-connection' | 'unprocessed' | 'too-large';

/** What a connection calls as its endpoint answers. */
export type UpstreamHandler<Connection> = {
  /** The head of an interim answer (1xx) has come, in `upstream.head`. */
  interim(upstream: Connection): void;
  /**
   * The head of the answer has come, in `upstream.head`, and with it a piece of the body, perhaps an empty one. It may be
   * overwritten when this returns; `upstream.keepBytes()` prevents that.
   */
  answered(upstream: Connection): void;
  /** Another piece of the body; the same holds for it. */
  more(upstream: Connection): void;
  /** The endpoint has switched to another protocol, as it was asked to; what it has come on is the handler's, and `upstream` has ended. */
  switched(upstream: Connection, endpoint: TunnelSide): void;
  /** The connection or the answer broke before the answer had ended. */
  upstreamFailed(cause: string, kind: UpstreamFailure): void;
  /** An error of our own in what was done with the answer; the connection has ended. */
  faulted(error: unknown): void;
  /** What was written has left; there is room for more. */
  upstreamDrained(): void;
};

/** What becomes of a connection that has answered. */
export type UpstreamHome<Connection> = {
  readonly release: (connection: Connection) => void;
  /** Nothing has come on it since: it may be used again. */
  readonly foundQuiet: (connection: Connection) => void;
  readonly gone: (connection: Connection) => void;
};

export type Piece = { bytes: Buffer; from: number; to: number };
