import type { Socket } from 'node:net';
import { atEndOfTurn } from '../../table/timers.ts';
import { recycle } from './frame-writer.ts';
import type { Session } from './session.ts';

/** Whoever has a connection, as its output tells it what became of it. */
export type OutputHost = {
  /** The socket has been given all that there was. */
  written(): void;
  /** Writing has failed with an error of our own. */
  faulted(error: unknown): void;
};

/**
 * Writes what a session has to say to its socket. What the connections of a thread, to clients and to endpoints, have to say in one turn of the
 * event loop goes out at its end, so that the frames of many streams leave together.
 */
export class SessionOutput<Handler> {
  readonly #session: Session<Handler>;
  readonly #socket: Socket;
  readonly #host: OutputHost;
  #waiting = false;

  constructor(session: Session<Handler>, socket: Socket, host: OutputHost) {
    this.#session = session;
    this.#socket = socket;
    this.#host = host;
  }

  /** There is something to be written. */
  soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    if (waiting.push(this) === 1) atEndOfTurn(flushAll);
  }

  /** Writes what there is. To a socket that takes nothing any more, nothing is written. */
  flush(): void {
    this.#waiting = false;
    try {
      const { destroyed, writableEnded } = this.#socket;
      if (destroyed || writableEnded) return;
      this.#write();
      this.#host.written();
    } catch (error) {
      this.#host.faulted(error);
    }
  }

  #write(): void {
    const socket = this.#socket;
    const chunks = this.#session.writer.take();
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) {
      socket.write(chunk, (error) => {
        // What a broken connection had under way may still be read from.
        if (error === null || error === undefined) recycle(chunk);
      });
    }
    if (chunks.length > 1) socket.uncork();
    this.#session.stall(socket.writableNeedDrain);
  }
}

let waiting: SessionOutput<unknown>[] = [];

function flushAll(): void {
  const all = waiting;
  waiting = [];
  for (const one of all) one.flush();
}
