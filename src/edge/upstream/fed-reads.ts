import type { OnReadOpts, Socket } from 'node:net';

/**
 * Reads a socket into the buffers of `onread`, as the runtime does by itself where a socket has no other one below it: of TLS over a connection
 * that has begun otherwise it takes no buffers. As there, the next buffer is asked for when the last one has been read.
 */
export function feedReads(socket: Socket, onread: OnReadOpts): void {
  const next = () => (typeof onread.buffer === 'function' ? onread.buffer() : onread.buffer);
  let into = next();
  socket.on('data', (chunk: Buffer) => {
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + into.length);
      into.set(piece);
      from += piece.length;
      const goesOn = onread.callback(piece.length, into);
      into = next();
      if (goesOn) continue;
      socket.pause();
      if (from < chunk.length) socket.unshift(chunk.subarray(from));
      return;
    }
  });
}
