import type { Socket } from 'node:net';
import { startTimer, stopTimer } from '../../table/timers.ts';
import { LINGER_BYTES_MAX, LINGER_MS, LINGER_TOTAL_MS } from '../request/lingering.ts';

/**
 * Ends a client's connection so that the client can read its last answer: our half at once, the socket when the client has ended
 * its own, has been silent, or has sent too much.
 */
export function endLingering(socket: Socket): void {
  Reflect.deleteProperty(socket, 'destroySoon');
  if (socket.destroyed) return;
  // From here on nothing that comes is a request: whoever parsed it hears no more of it.
  socket.removeAllListeners('data');
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES_MAX) socket.destroy();
  });
  const total = startTimer(LINGER_TOTAL_MS, destroy, socket);
  socket.once('close', () => stopTimer(total));
  socket.once('end', () => destroyWhenWritten(socket));
  socket.once('timeout', () => socket.destroy());
  if (socket.writable) socket.end();
  if (socket.writableFinished) socket.setTimeout(LINGER_MS);
  else socket.once('finish', () => socket.setTimeout(LINGER_MS));
  if (socket.readableEnded) destroyWhenWritten(socket);
  socket.resume();
}

function destroyWhenWritten(socket: Socket): void {
  if (socket.writableFinished) socket.destroy();
  else socket.once('finish', () => socket.destroy());
}

function destroy(socket: Socket): void {
  // A client that still takes its answer has the time that an idle one has.
  if (socket.writableFinished) socket.destroy();
}

/** Has this connection end so. `destroySoon` is how Node's HTTP server ends one whose last answer has been written. */
export function willLinger(socket: Socket): void {
  socket.destroySoon = lingeringEnd;
}

function lingeringEnd(this: Socket): void {
  endLingering(this);
}
