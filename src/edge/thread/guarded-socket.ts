import type { Socket } from 'node:net';
import { willLinger } from '../client/lingering-end.ts';

/**
 * Guards a client's socket from accept to close. Its readers (the wire engine, Node's HTTP server, an upgrade) come and go and take
 * their listeners along, and an error at a moment without a listener would end the whole thread. The listener here stays: an error
 * of a connection ends that connection.
 */
export function guardSocket(socket: Socket): void {
  socket.on('error', endOf);
  willLinger(socket);
}

function endOf(this: Socket): void {
  this.destroy();
}
