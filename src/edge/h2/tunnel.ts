import type { Socket } from 'node:net';
import { Deadline } from '../../table/deadlines.ts';
import { CANCEL } from '../frames/error-code.ts';
import type { Switched } from '../request/switched.ts';
import type { H2Deps } from './h2-deps.ts';
import type { H2Session, H2Stream, OnStream, StreamOwner } from './stream-owner.ts';

/** Once one side has ended, the other may go on for this long. */
export const HALF_OPEN_MS = 30_000;

/**
 * A stream and an endpoint's connection that are one, byte for byte (RFC 8441 §5): until both sides have ended, one breaks, or nothing has
 * moved for as long as the service lets answers rest.
 */
export class Tunnel implements StreamOwner {
  readonly #deps: H2Deps;
  readonly #session: H2Session;
  readonly #stream: H2Stream;
  readonly #socket: Socket;
  readonly #release: () => void;
  readonly #deadline: Deadline;
  #idleMs: number;
  /** Bytes that the endpoint has not taken yet. */
  #owed = 0;
  #over = false;

  constructor(deps: H2Deps, { session, stream }: OnStream, { socket, release, exchange }: Switched) {
    this.#deps = deps;
    this.#session = session;
    this.#stream = stream;
    this.#socket = socket;
    this.#release = release;
    this.#idleMs = exchange.view.service.timeouts.idleMs;
    this.#deadline = new Deadline(() => this.end());
    stream.owner = this;
  }

  /** Both sides are joined; `early` has come of the client before. */
  open(early: readonly Buffer[]): void {
    const socket = this.#socket;
    this.#deps.tunnels.add(this);
    this.#moved();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#fromEndpoint(chunk));
    socket.on('drain', () => this.#drainedEndpoint());
    socket.on('end', () => this.#endpointEnded());
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
    for (const piece of early) this.data(piece, false);
    socket.resume();
  }

  data(bytes: Buffer, last: boolean): void {
    this.#moved();
    this.#owed += bytes.length;
    if (bytes.length === 0 || this.#socket.write(Buffer.from(bytes))) this.#drainedEndpoint();
    if (!last) return;
    this.#idleMs = Math.min(this.#idleMs, HALF_OPEN_MS);
    this.#socket.end();
  }

  /** Behind a tunnel there is nothing to be said. */
  trailers(): void {
    this.data(NOTHING, true);
  }

  drained(): void {
    this.#moved();
    this.#socket.resume();
  }

  sent(): void {
    if (this.#stream.remoteEnded) this.#close();
  }

  gone(): void {
    this.#close();
  }

  /** Breaks it off on both sides. */
  readonly end = (): void => {
    if (this.#over) return;
    if (!this.#stream.closed) this.#session.reset(this.#stream, CANCEL);
    this.#close();
  };

  #fromEndpoint(chunk: Buffer): void {
    if (this.#over || this.#stream.closed) return;
    this.#moved();
    const all = this.#session.data(this.#stream, chunk, 0, chunk.length);
    if (all === undefined) this.#close();
    else if (!all) this.#socket.pause();
  }

  #drainedEndpoint(): void {
    if (this.#owed > 0) this.#session.read(this.#stream, this.#owed);
    this.#owed = 0;
  }

  #endpointEnded(): void {
    if (this.#over || this.#stream.closed) return;
    this.#idleMs = Math.min(this.#idleMs, HALF_OPEN_MS);
    this.#moved();
    this.#session.end(this.#stream);
  }

  #moved(): void {
    if (!this.#over) this.#deps.deadlines.arm(this.#deadline, this.#idleMs);
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.deadlines.remove(this.#deadline);
    this.#deps.tunnels.delete(this);
    this.#socket.destroySoon();
    this.#release();
  }
}

const NOTHING = Buffer.alloc(0);
