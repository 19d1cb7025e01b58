/*
 * A client that keeps a rate in windows, as a process of its own:
 *
 *   window-client.ts --port P --path /bytes/100 --rate 1000 --windows 60 --window-ms 1000 --settle-ms 300
 *
 * It tells its parent when each window begins, so that the parent may change what goes on beside it, and at the end what each window was
 * like. As with `peers/paced-client.ts`, a request is due whatever becomes of those before it, and its latency counts from then. What is due
 * in the first `settle-ms` of a window is not counted: the change is under way.
 *
 * As a rule it never rests, as the least important process of its core. With `--rest` it wakes every millisecond and sends what is due; a latency
 * then counts from when it woke. So it can share a core with what it asks.
 */
import { connect } from 'node:net';
import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { AnswerCounter } from '../peers/answer-counter.ts';
import { percentile } from './paired.ts';

/** Latencies in microseconds. `failed`: without an answer, or with another than 200. */
export type Window = { readonly answered: number; readonly p50Us: number; readonly p99Us: number };
export type WindowMessage =
  | { readonly begins: number }
  | { readonly windows: readonly Window[]; readonly failed: number };

type Connection = { readonly send: () => void; dueMs: number };

const CONNECTIONS = 32;
const PATIENCE_MS = 5000;

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    port: text(''),
    path: text('/'),
    rate: text('1000'),
    windows: text('60'),
    'window-ms': text('1000'),
    'settle-ms': text('300'),
    rest: { type: 'boolean', default: false },
  },
});
const [windows, windowMs, settleMs] = [values.windows, values['window-ms'], values['settle-ms']].map(Number) as [
  number,
  number,
  number,
];
const everyMs = 1000 / Number(values.rate);
const total = Math.round((windows * windowMs) / everyMs);
const request = Buffer.from(`GET ${values.path} HTTP/1.1\r\nHost: 127.0.0.1:${values.port}\r\n\r\n`, 'latin1');
const latencies = Array.from({ length: windows }, (): number[] => []);
const idle: Connection[] = [];
/** When each request that is due and not sent was due. */
const due: number[] = [];
let [noticed, ended, failed, begun] = [0, 0, 0, -1];

if (!values.rest) setPriority(constants.priority.PRIORITY_LOW);
await Promise.all(Array.from({ length: CONNECTIONS }, open));
const startMs = performance.now();
turn();

function turn(): void {
  const nowMs = performance.now() - startMs;
  const window = Math.floor(nowMs / windowMs);
  if (window > begun && window < windows) {
    begun = window;
    tell({ begins: window });
  }
  for (; noticed < total && noticed * everyMs <= nowMs; noticed += 1) due.push(values.rest ? nowMs : noticed * everyMs);
  sendDue();
  if (ended >= total || nowMs >= total * everyMs + PATIENCE_MS) finish();
  else if (values.rest) setTimeout(turn, 1);
  else setImmediate(turn);
}

function sendDue(): void {
  while (due.length > 0) {
    const connection = idle.shift();
    if (connection === undefined) return;
    connection.dueMs = due.shift() as number;
    connection.send();
  }
}

function took(connection: Connection, status: number): void {
  const nowMs = performance.now() - startMs;
  ended += 1;
  if (status !== 200) failed += 1;
  else if (connection.dueMs % windowMs >= settleMs)
    latencies[Math.floor(connection.dueMs / windowMs)]?.push((nowMs - connection.dueMs) * 1000);
  idle.push(connection);
  sendDue();
}

/** A connection that breaks is not opened again: the requests that then find none show it. */
async function open(): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: Number(values.port), noDelay: true });
  const connection: Connection = { send: () => void socket.write(request), dueMs: 0 };
  const counter = new AnswerCounter((status) => took(connection, status));
  socket.on('data', (bytes: Buffer) => counter.take(bytes));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.on('error', reject);
  await promise;
  idle.push(connection);
}

function finish(): void {
  const found = latencies.map((us): Window => {
    return { answered: us.length, p50Us: percentile(us, 50), p99Us: percentile(us, 99) };
  });
  tell({ windows: found, failed: failed + total - ended }, () => process.exit());
}

function tell(message: WindowMessage, then = () => {}): void {
  process.send?.(message, then);
}
