import type { Field } from '../frames/hpack/field.ts';
import type { Session } from '../frames/session.ts';
import type { Stream } from '../frames/stream.ts';

/** Whose a stream is: a request, or what has come of it. */
export type StreamHandler = {
  /** A piece of the body, lent; `last`: it ends with it. */
  data(bytes: Buffer, last: boolean): void;
  /** The body has ended, and these are behind it. */
  trailers(fields: readonly Field[]): void;
  /** All that was to be sent has been. */
  drained(): void;
  /** The last of the answer has been written. */
  sent(): void;
  /** The stream is no more, and whoever asks cares no longer. */
  gone(): void;
};

export type H2Stream = Stream<StreamHandler>;
export type H2Session = Session<StreamHandler>;

/** A stream, and the connection that it is one of. */
export type OnStream = { readonly session: H2Session; readonly stream: H2Stream };
