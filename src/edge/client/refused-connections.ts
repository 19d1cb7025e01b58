import type { Socket } from 'node:net';

/**
 * Connections on which a request has been refused. Where that request ends nobody can be sure of, so nothing behind it is looked at:
 * node:http goes on reading, and hands on what was pipelined in the same piece before the refusal has closed the connection.
 */
const REFUSED = new WeakSet<Socket>();

/** From now on no request of this connection is taken. */
export function takeNoMoreOf(socket: Socket): void {
  REFUSED.add(socket);
}

/** Whether a request of this connection has been refused. */
export function isRefused(socket: Socket): boolean {
  return REFUSED.has(socket);
}
