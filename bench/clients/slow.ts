import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../rig/proc.ts';
import { type Engine, withEdge } from './edges.ts';
import { ask, begin, openMany } from './many.ts';

export type Slow = {
  readonly engine: Engine;
  readonly readers: number;
  readonly seconds: number;
  /** How much resident memory grew above what it was before the readers came: with all of them there, at its peak. */
  readonly grownBytes: number;
  /** The same at half of the time: what goes on growing has no bound. */
  readonly grownHalfwayBytes: number;
  /** What all of them were owed, and what they had read in the end. */
  readonly askedBytes: number;
  readonly readBytes: number;
  /** Readers whose connection broke. */
  readonly closed: number;
};

const ANSWER_BYTES = 10 * 1024 * 1024;
/** A reader takes one chunk of a socket, at most 64 KiB, this often. */
const CHUNK_EVERY_MS = 1000;
const SAMPLE_MS = 50;
const WARM_UP_REQUESTS = 2000;

/**
 * Readers that ask for 10 MiB and take 64 KiB a second of it; every second one stops reading after the head. Without
 * backpressure the edge would soon hold all that they are owed.
 */
export function slow(engine: Engine, readers: number, seconds: number): Promise<Slow> {
  return withEdge(engine, async ({ pid, port }) => {
    const first = await openMany(port, 1, async (socket) => {
      for (let i = 0; i < WARM_UP_REQUESTS; i += 1) await ask(socket, '/bytes/100');
    });
    for (const socket of first) socket.destroy();
    const beforeBytes = residentBytes(pid).now;
    let most = beforeBytes;
    const timer = setInterval(() => (most = Math.max(most, residentBytes(pid).now)), SAMPLE_MS);
    const sockets = await openMany(port, readers, (socket) => begin(socket, `/bytes/${ANSWER_BYTES}`));
    const reading = sockets.filter((_, i) => i % 2 === 0).map((socket, i) => readSlowly(socket, i));
    try {
      await sleep(seconds * 500);
      const grownHalfwayBytes = most - beforeBytes;
      await sleep(seconds * 500);
      const grownBytes = most - beforeBytes;
      const closed = sockets.filter((socket) => socket.closed).length;
      const readBytes = sockets.reduce((sum, socket) => sum + socket.bytesRead, 0);
      const askedBytes = readers * ANSWER_BYTES;
      return { engine, readers, seconds, grownBytes, grownHalfwayBytes, askedBytes, readBytes, closed };
    } finally {
      clearInterval(timer);
      for (const stop of reading) stop();
      for (const socket of sockets) socket.destroy();
    }
  });
}

/** The readers take their turns spread over the second, and not all at once. */
function readSlowly(socket: Socket, nth: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  socket.on('data', () => socket.pause());
  const start = setTimeout(() => {
    timer = setInterval(() => socket.resume(), CHUNK_EVERY_MS);
  }, nth % CHUNK_EVERY_MS);
  return () => {
    clearTimeout(start);
    clearInterval(timer);
  };
}
