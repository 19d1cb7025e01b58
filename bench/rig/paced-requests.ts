import { connect } from 'node:net';
import { constants, setPriority } from 'node:os';
import { AnswerCounter } from './answer-counter.ts';

/** Requests per second, and how many of them; whether it rests between two looks at the clock. */
export type Pace = {
  readonly port: number;
  readonly path: string;
  readonly rate: number;
  readonly total: number;
  readonly rests?: boolean;
};

/** All times are in milliseconds since the start. */
export type PaceWatch = {
  /** Called at each look at the clock. */
  readonly looked?: (nowMs: number) => void;
  readonly sent?: (dueMs: number, nowMs: number) => void;
  /** The last byte of an answer with status 200 has come. */
  readonly answered: (dueMs: number, nowMs: number) => void;
};

type Connection = { readonly send: () => void; dueMs: number };

const CONNECTIONS = 32;
/** What has not been answered so long after the last request was due has failed. */
const PATIENCE_MS = 5000;

/**
 * Sends requests that keep a rate, and returns how many failed: had no answer, or another than 200. To be used by a process of its own.
 *
 * Request number n is due n / rate seconds after the start, however those before it are doing. It goes out over the
 * connection that has been idle longest, or, when all are busy, over the first that is not any more. Its latency counts from when it was due and not
 * from when it was sent, so that what holds up one request is seen in all that it holds up (no coordinated omission).
 *
 * Timers of whole milliseconds would send bursts, so it looks at the clock in a loop instead, and is the least important
 * process of its core meanwhile: whoever else is due there runs first. One that `rests` wakes every millisecond instead, as important as others,
 * and counts a latency from when it woke, so that it can share a core with what it asks.
 */
export async function paceRequests(
  { port, path, rate, total, rests = false }: Pace,
  watch: PaceWatch,
): Promise<number> {
  const everyMs = 1000 / rate;
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`, 'latin1');
  const idle: Connection[] = [];
  /** When each request that is due and not sent was due. */
  const due: number[] = [];
  let [noticed, ended, failed, startMs] = [0, 0, 0, 0];

  function sendDue(nowMs: number): void {
    while (due.length > 0) {
      const connection = idle.shift();
      if (connection === undefined) return;
      connection.dueMs = due.shift() as number;
      watch.sent?.(connection.dueMs, nowMs);
      connection.send();
    }
  }

  function took(connection: Connection, status: number): void {
    const nowMs = performance.now() - startMs;
    ended += 1;
    if (status !== 200) failed += 1;
    else watch.answered(connection.dueMs, nowMs);
    idle.push(connection);
    sendDue(nowMs);
  }

  if (!rests) setPriority(constants.priority.PRIORITY_LOW);
  idle.push(...(await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port, request, took)))));
  startMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  (function turn(): void {
    const nowMs = performance.now() - startMs;
    watch.looked?.(nowMs);
    for (; noticed < total && noticed * everyMs <= nowMs; noticed += 1) due.push(rests ? nowMs : noticed * everyMs);
    sendDue(nowMs);
    if (ended >= total || nowMs >= total * everyMs + PATIENCE_MS) resolve(failed + total - ended);
    else if (rests) setTimeout(turn, 1);
    else setImmediate(turn);
  })();
  return promise;
}

/** A connection that breaks is not opened again: the requests that then find none show it. */
async function open(
  port: number,
  request: Buffer,
  took: (connection: Connection, status: number) => void,
): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const connection: Connection = { send: () => void socket.write(request), dueMs: 0 };
  const counter = new AnswerCounter((status) => took(connection, status));
  socket.on('data', (bytes: Buffer) => counter.take(bytes));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.on('error', reject);
  await promise;
  return connection;
}
