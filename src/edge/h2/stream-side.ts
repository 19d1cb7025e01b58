import { Deadline, type Deadlines } from '../../table/deadlines.ts';
import { atEndOfTurn } from '../../table/timers.ts';
import { LINGER_MS } from '../client/lingering.ts';
import { CANCEL, NO_ERROR } from '../frames/error-code.ts';
import type { SideHandler, TunnelSide } from '../tunnel/side.ts';
import type { H2Session, H2Stream, OnStream, StreamOwner } from './stream-owner.ts';

/** A client's stream as one side of a tunnel (RFC 8441 §5): what is DATA on it is the bytes of the other protocol. */
export class StreamSide implements StreamOwner, TunnelSide {
  readonly #session: H2Session;
  readonly #stream: H2Stream;
  #handler: SideHandler | undefined;
  #paused = false;
  /** Bytes that have come and that the client has not been told of: it may not send as many more. */
  #unread: number;
  #sent = false;
  #finishing = false;
  readonly #deadlines: Deadlines;
  /** Until its client has ended it, once there is nothing more to be said. */
  readonly #lingering = new Deadline(() => this.#reset());

  /** `unread`: bytes that have come before. */
  constructor(deadlines: Deadlines, { session, stream }: OnStream, unread: number) {
    this.#deadlines = deadlines;
    this.#session = session;
    this.#stream = stream;
    this.#unread = unread;
  }

  begin(handler: SideHandler): void {
    this.#handler = handler;
    this.#stream.owner = this;
    this.#tellRead();
    if (this.#stream.remoteEnded) atEndOfTurn(() => this.#ended());
  }

  write(bytes: Uint8Array): boolean {
    const stream = this.#stream;
    if (stream.closed || stream.localEnded || stream.ending !== false) return true;
    const all = this.#session.data(stream, bytes as Buffer, 0, bytes.length);
    if (all === undefined) atEndOfTurn(() => this.#close(true));
    return all !== false;
  }

  end(): void {
    const stream = this.#stream;
    if (!stream.closed && !stream.localEnded && stream.ending === false) this.#session.end(stream);
  }

  finish(): void {
    this.#finishing = true;
    this.end();
    if (this.#sent) this.sent();
  }

  destroy(): void {
    if (!this.#stream.closed) this.#session.reset(this.#stream, CANCEL);
    this.#close(true);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#tellRead();
  }

  data(bytes: Buffer, last: boolean): void {
    this.#unread += bytes.length;
    if (bytes.length > 0) this.#handler?.data(Buffer.from(bytes));
    if (!this.#paused) this.#tellRead();
    if (last) this.#ended();
  }

  /** Behind a tunnel there is nothing to be said. */
  trailers(): void {
    this.#ended();
  }

  drained(): void {
    this.#handler?.drained();
  }

  sent(): void {
    this.#sent = true;
    if (this.#stream.remoteEnded) this.#close(false);
    else if (this.#finishing) this.#deadlines.arm(this.#lingering, LINGER_MS);
  }

  gone(): void {
    this.#close(true);
  }

  #ended(): void {
    this.#handler?.ended();
    if (this.#sent) this.#close(false);
  }

  #tellRead(): void {
    if (this.#unread > 0 && !this.#stream.closed) this.#session.read(this.#stream, this.#unread);
    this.#unread = 0;
  }

  /** A reset that comes with the last bytes would keep some clients from reading them. */
  #reset(): void {
    this.#session.reset(this.#stream, NO_ERROR);
    this.#close(false);
  }

  #close(broken: boolean): void {
    this.#deadlines.remove(this.#lingering);
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(broken);
  }
}
