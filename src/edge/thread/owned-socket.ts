import type { Socket } from 'node:net';
import { willLinger } from '../client/lingering-end.ts';

/**
 * Every client's socket has an owner from accept to close: whoever reads it now (the wire engine, Node's HTTP server, an upgrade)
 * comes and goes and takes its listeners along, and an error at a moment when nobody listens would end the whole thread.
 * This listener stays. A fault of a connection ends that connection.
 */
export function own(socket: Socket): void {
  socket.on('error', endOf);
  willLinger(socket);
}

function endOf(this: Socket): void {
  this.destroy();
}
