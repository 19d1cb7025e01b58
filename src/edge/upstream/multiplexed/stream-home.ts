import type { Deadlines } from '../../../table/deadlines.ts';
import type { OutField } from '../../frames/hpack/out-field.ts';
import type { Stream } from '../../frames/stream.ts';
import type { EndpointStreamHandler } from './endpoint-stream-handler.ts';

/** A request whose answer has begun, and has not been handed over: the first of its body is likely to come in the same read. */
export type HeadHolder = {
  endOfRead(): void;
  faulted(error: unknown): void;
};

/** What a stream needs of the connection that it is one of. */
export type StreamHome = {
  readonly secure: boolean;
  /** When bytes last came on the connection, in ms. */
  readonly heardMs: number;
  nowMs(): number;
  open(handler: EndpointStreamHandler, fields: readonly OutField[], ended: boolean): Stream<EndpointStreamHandler>;
  /** False: no more is wanted until it has been drained. Undefined: there is no room, and the stream has been reset. */
  send(stream: Stream<EndpointStreamHandler>, bytes: Buffer): boolean | undefined;
  end(stream: Stream<EndpointStreamHandler>, trailers: readonly OutField[]): void;
  read(stream: Stream<EndpointStreamHandler>, bytes: number): void;
  cancel(stream: Stream<EndpointStreamHandler>, code?: number): void;
  readonly deadlines: Deadlines;
  /** Nothing has come of a request that has been given up: perhaps nobody is there any more. */
  suspect(): void;
  /** What was handed over from the last read is still being used. */
  keepBytes(): void;
  /** The head of an answer has come, and perhaps the first of its body with it. */
  awaitBody(stream: HeadHolder): void;
};
