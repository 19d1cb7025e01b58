import { Deadline, type Deadlines } from '../../table/deadlines.ts';
import { atEndOfTurn } from '../../table/timers.ts';
import { STREAM_LINGER_MS } from '../tunnel/limits.ts';
import type { SideHandler, TunnelSide } from '../tunnel/side.ts';
import { CANCEL, NO_ERROR } from './error-code.ts';
import type { Stream } from './stream.ts';

/** What can be done with a stream by whoever has its connection. */
export type StreamPort = {
  readonly deadlines: Deadlines;
  /** False: no more is wanted until it has been drained. Undefined: there is no room, and the stream has been reset. */
  readonly send: (bytes: Buffer) => boolean | undefined;
  readonly end: () => void;
  /** The peer may send so many bytes more. */
  readonly read: (bytes: number) => void;
  readonly reset: (code: number) => void;
};

/**
 * A stream of HTTP/2 as one side of a tunnel (RFC 8441 §5), of a client's connection or of an endpoint's: what is DATA on it is the bytes of the other
 * protocol. Whoever has its connection calls what is called for streams.
 */
export class StreamSide implements TunnelSide {
  readonly #port: StreamPort;
  readonly #stream: Pick<Stream<never>, 'closed' | 'localEnded' | 'remoteEnded' | 'ending'>;
  #handler: SideHandler | undefined;
  #paused = false;
  /** Bytes that have come and for which the peer has got no WINDOW_UPDATE: it may not send as many more. */
  #unread: number;
  #sent = false;
  #finishing = false;
  /** Until the peer has ended it, once there is nothing more to be said. */
  readonly #lingering = new Deadline(() => this.#reset());

  /** `unread`: bytes that have come before. */
  constructor(port: StreamPort, stream: Stream<never>, unread: number) {
    this.#port = port;
    this.#stream = stream;
    this.#unread = unread;
  }

  begin(handler: SideHandler): void {
    this.#handler = handler;
    this.#tellRead();
    const { closed, remoteEnded } = this.#stream;
    if (closed) atEndOfTurn(() => this.gone());
    else if (remoteEnded) atEndOfTurn(() => this.ended());
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#isOpen) return true;
    const all = this.#port.send(bytes as Buffer);
    if (all === undefined) atEndOfTurn(() => this.gone());
    return all !== false;
  }

  end(): void {
    if (this.#isOpen) this.#port.end();
  }

  finish(): void {
    this.#finishing = true;
    this.end();
    if (this.#sent) this.sent();
  }

  destroy(): void {
    if (!this.#stream.closed) this.#port.reset(CANCEL);
    this.#close(true);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#tellRead();
  }

  /** A piece has come, lent; `last`: the peer ends its half with it. */
  data(bytes: Buffer, last: boolean): void {
    this.#unread += bytes.length;
    if (bytes.length > 0) this.#handler?.data(Buffer.from(bytes));
    if (!this.#paused) this.#tellRead();
    if (last) this.ended();
  }

  /** The peer has ended its half. */
  ended(): void {
    this.#handler?.ended();
    if (this.#sent) this.#close(false);
  }

  /** What waited has been sent. */
  drained(): void {
    this.#handler?.drained();
  }

  /** The last of this half has been sent. */
  sent(): void {
    this.#sent = true;
    if (this.#stream.remoteEnded) this.#close(false);
    else if (this.#finishing) this.#port.deadlines.arm(this.#lingering, STREAM_LINGER_MS);
  }

  /** The stream is no more. */
  gone(): void {
    this.#close(true);
  }

  /** Whether this half has not been ended yet. */
  get #isOpen(): boolean {
    const { closed, localEnded, ending } = this.#stream;
    return !closed && !localEnded && ending === false;
  }

  #tellRead(): void {
    if (this.#unread > 0 && !this.#stream.closed) this.#port.read(this.#unread);
    this.#unread = 0;
  }

  /** A reset that comes with the last bytes would keep some peers from reading them. */
  #reset(): void {
    if (!this.#stream.closed) this.#port.reset(NO_ERROR);
    this.#close(false);
  }

  #close(broken: boolean): void {
    this.#port.deadlines.remove(this.#lingering);
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(broken);
  }
}
