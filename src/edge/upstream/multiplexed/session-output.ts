import type { Socket } from 'node:net';
import { atEndOfTurn } from '../../../table/timers.ts';
import { recycle } from '../../frames/frame-writer.ts';
import type { Session } from '../../frames/session.ts';
import type { StreamUser } from './stream-user.ts';

/** A connection that this side ends has so long to take what is still to be written. */
export const FAREWELL_MS = 1000;

/** Writes what a session has to say: all of one turn of the event loop together, at its end. */
export class SessionOutput {
  readonly #socket: Socket;
  readonly #session: Session<StreamUser>;
  #waiting = false;
  #ending = false;

  constructor(socket: Socket, session: Session<StreamUser>) {
    this.#socket = socket;
    this.#session = session;
  }

  /** There is something to be written. */
  soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    atEndOfTurn(SessionOutput.flush, this);
  }

  static flush(this: void, self: SessionOutput): void {
    self.#flush();
  }

  /** Nothing more is written than what there is. Returns after how many ms the socket is to be destroyed; 0: it has been. */
  end(): number {
    this.#ending = true;
    if (this.#session.writer.length > 0 && !this.#socket.destroyed) {
      this.soon();
      this.#socket.resume();
      return FAREWELL_MS;
    }
    this.#socket.destroy();
    return 0;
  }

  #flush(): void {
    const socket = this.#socket;
    this.#waiting = false;
    const chunks = this.#session.writer.take();
    if (socket.destroyed || socket.writableEnded) {
      for (const chunk of chunks) recycle(chunk);
      return;
    }
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) socket.write(chunk, () => recycle(chunk));
    if (chunks.length > 1) socket.uncork();
    if (socket.writableNeedDrain) this.#session.stall(true);
    if (this.#ending) socket.end();
  }
}
