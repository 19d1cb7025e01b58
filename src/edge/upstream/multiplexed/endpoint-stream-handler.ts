import type { FieldList } from '../../frames/hpack/field-list.ts';
import type { Stream } from '../../frames/stream.ts';
import type { UpstreamFailure } from '../connection-handler.ts';

/** Whose a stream of an endpoint's connection is: a request, or the tunnel that one has become. */
export type EndpointStreamHandler = {
  /** Whether anything has come of the answer, and of the connection since it was asked for. */
  readonly answered: boolean;
  readonly heard: boolean;
  /** A header block has come: a head, or trailers. */
  fields(list: FieldList): void;
  /** A piece of a body has come, lent. */
  data(bytes: Buffer, from: number, to: number): void;
  /** What could not be sent at once has been sent. */
  drained(): void;
  /** The last of this side has been sent. */
  sent(): void;
  /** The stream, or its connection, is no more. */
  lost(cause: string, kind: UpstreamFailure): void;
  /** An error of our own in what was done about it. */
  faulted(error: unknown): void;
};

/** An error of our own in what is done for one stream ends that one. */
export function guarded(
  { handler }: Stream<EndpointStreamHandler>,
  run: (handler: EndpointStreamHandler) => void,
): void {
  if (handler === undefined) return;
  try {
    run(handler);
  } catch (error) {
    handler.faulted(error);
  }
}
