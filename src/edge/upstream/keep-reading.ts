import type { Socket } from 'node:net';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';

/** After a write has failed, what the other side had still to say is read for so long. */
export const DEAF_MS = 1000;

/**
 * A write that fails is no verdict. An endpoint that answers 413 and closes has not read the rest of the request; its kernel
 * says so with a reset, and a write that meets it fails while the answer lies in our buffer, unread. Node destroys a
 * socket at that; this one is read on, until what there is has been read, and is destroyed with the same error then.
 *
 * `onDeaf` is called when it happens. What is written afterwards goes nowhere.
 */
export function keepReading(socket: Socket, onDeaf?: () => void): void {
  const destroy = socket.destroy.bind(socket);
  let cause: Error | undefined;
  let timer: Timer | undefined;
  socket.destroy = (error?: Error): Socket => {
    if (isWriteError(error) && mayBeRead(socket)) {
      if (cause !== undefined) return socket;
      cause = error;
      timer = startTimer(DEAF_MS, destroy as (error: Error) => void, cause);
      readOn(socket);
      onDeaf?.();
      return socket;
    }
    stopTimer(timer);
    return destroy(error);
  };
}

function isWriteError(error: (Error & { readonly syscall?: unknown }) | undefined): error is Error {
  return error?.syscall === 'write';
}

function mayBeRead(socket: Socket): boolean {
  return !socket.destroyed && !socket.connecting && !socket.readableEnded;
}

/** Node has marked the readable side as broken too, which would keep it from emitting what it has. */
function readOn(socket: Socket): void {
  const { _readableState: state } = socket as unknown as { readonly _readableState: { errored: Error | null } };
  state.errored = null;
  if (socket.readableLength > 0) socket.emit('readable');
  else if (!socket.isPaused()) socket.read(0);
}
