import type { Socket } from 'node:net';
import { startTimer, stopTimer } from '../../table/timers.ts';
import { LINGER_BYTES_MAX, LINGER_MS, LINGER_TOTAL_MS } from './lingering.ts';

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
  // Until the answer is written, the client has the time that an idle one has.
  socket.once('timeout', () => socket.destroy());
  if (socket.writable) socket.end();
  if (socket.writableFinished) linger(socket);
  else socket.once('finish', () => linger(socket));
  socket.resume();
  // One that Node's HTTP server has stopped behind the stream's back takes itself for reading, and would not begin again.
  socket._read(0);
}

/** Everything has been written: now the client has a while to read it. */
function linger(socket: Socket): void {
  if (socket.readableEnded) return void socket.destroy();
  socket.once('end', () => socket.destroy());
  socket.setTimeout(LINGER_MS);
  const total = startTimer(LINGER_TOTAL_MS, destroy, socket);
  socket.once('close', () => stopTimer(total));
}

function destroy(socket: Socket): void {
  socket.destroy();
}

/** Has this connection end so. `destroySoon` is how Node's HTTP server ends one whose last answer has been written. */
export function willLinger(socket: Socket): void {
  socket.destroySoon = lingeringEnd;
}

function lingeringEnd(this: Socket): void {
  endLingering(this);
}
