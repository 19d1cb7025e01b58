import type { Socket } from 'node:net';

/** What is made of the first bytes of a connection: how many of them are taken, or that more are needed. */
export type Look<T> = (bytes: Buffer) => { readonly found: T; readonly taken: number } | 'incomplete';

/**
 * Reads the first bytes of a connection until `look` has found what it looks for, then puts back what it has not taken: whoever has
 * the socket next finds it unread. `found` is not called when the connection ends before, or `over` when more than `bytesMax` have come.
 */
export function lookAtFirst<T>(
  socket: Socket,
  look: Look<T>,
  handler: { readonly bytesMax: number; readonly found: (found: T) => void; readonly over: () => void },
): void {
  let bytes: Buffer = EMPTY;
  const onReadable = (): void => {
    const piece = socket.read() as Buffer | null;
    if (piece === null) return;
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece]);
    const seen = look(bytes);
    if (seen === 'incomplete') {
      if (bytes.length <= handler.bytesMax) return;
      stop();
      return handler.over();
    }
    stop();
    if (seen.taken < bytes.length) socket.unshift(bytes.subarray(seen.taken));
    handler.found(seen.found);
  };
  // A client that ends within its first bytes has nothing more to say.
  const onEnd = (): void => void socket.destroy();
  const stop = (): void => {
    socket.off('readable', onReadable).off('end', onEnd);
  };
  socket.on('readable', onReadable).on('end', onEnd);
}

const EMPTY = Buffer.alloc(0);
