import type { Socket } from 'node:net';
import type { SideHandler, TunnelSide } from './side.ts';

/** A connection of its own, which whoever had it before has let go of. Either half of it may end first. */
export class SocketSide implements TunnelSide {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  begin(handler: SideHandler): void {
    const socket = this.#socket;
    let broken = false;
    // Else the runtime would end the half that is still written to as soon as the other one has ended.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on('data', (bytes: Buffer) => handler.data(bytes));
    socket.on('drain', () => handler.drained());
    socket.on('end', () => handler.ended());
    socket.on('error', () => {
      broken = true;
      socket.destroy();
    });
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      handler.closed(broken);
    };
    socket.once('close', over);
    // It may be gone already, and its event be still to come or past.
    if (!socket.closed) return void socket.resume();
    broken = true;
    over();
  }

  write(bytes: Uint8Array): boolean {
    // What comes for one that takes nothing any more goes nowhere.
    return !this.#socket.writable || this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  finish(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
