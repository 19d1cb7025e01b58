import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, keptBytes, withEdge } from './edges.ts';
import { ask, openMany } from './many.ts';

export type Idle = {
  readonly engine: Engine;
  readonly clients: number;
  /** Resident memory of the empty process, after as many requests as the clients make, and with all of them idle; each after a collection. */
  readonly emptyBytes: number;
  readonly beforeBytes: number;
  readonly withBytes: number;
  /** Clients that were closed while they idled. */
  readonly closed: number;
};

const PATH = '/bytes/100';
/** As many at a time as the clients that come after open, so that what a burst leaves behind is there before. */
const WARM_UP_CLIENTS = 128;
/** Time in which a client that is not kept would be closed. */
const SETTLE_MS = 5000;

/**
 * Clients that each make one request and then idle. What requests alone leave behind is there before: as many were made
 * over a few connections, which have gone again.
 */
export function idle(engine: Engine, clients: number): Promise<Idle> {
  return withEdge(engine, async ({ pid, port }) => {
    const emptyBytes = await keptBytes(pid);
    const first = await openMany(port, WARM_UP_CLIENTS, async (socket) => {
      for (let i = 0; i < clients / WARM_UP_CLIENTS; i += 1) await ask(socket, PATH);
    });
    for (const socket of first) socket.destroy();
    await sleep(SETTLE_MS);
    const beforeBytes = await keptBytes(pid);
    const sockets = await openMany(port, clients, (socket) => ask(socket, PATH));
    try {
      await sleep(SETTLE_MS);
      const withBytes = await keptBytes(pid);
      const closed = sockets.filter((socket) => socket.closed || socket.readableEnded).length;
      return { engine, clients, emptyBytes, beforeBytes, withBytes, closed };
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
}
