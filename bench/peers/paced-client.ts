/*
 * A client that keeps a rate, as a process of its own:
 *
 *   paced-client.ts --port P --path /bytes/100 --rate 1000 --seconds 5
 *
 * Request number n is due n / rate seconds after the start, however those before it are doing. It goes out over the
 * connection that has been idle longest, or, when all are busy, over the first that is not any more. Its latency counts from when it was due and not
 * from when it was sent, so that what holds up one request is seen in all that it holds up (no coordinated omission).
 *
 * Timers of whole milliseconds would send bursts, so it looks at the clock in a loop instead, and is the least important
 * process of its core meanwhile: whoever else is due there runs first. How late it was itself is a figure of its own.
 * It tells its parent a `Paced`.
 */
import { connect } from 'node:net';
import { constants, setPriority } from 'node:os';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { AnswerCounter } from './answer-counter.ts';

/** Latencies in microseconds, from when a request was due to the last byte of its answer. */
export type Paced = {
  readonly answered: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  /** How long after it was due a request was sent; the 99th percentile. */
  readonly lateP99Us: number;
  /** Requests without an answer, or with another than 200. */
  readonly failed: number;
};

type Connection = { readonly send: () => void; dueMs: number };

const CONNECTIONS = 32;
/** Not counted, at the beginning. */
const WARM_UP_SECONDS = 2;
/** What has not been answered so long after the last request was due has failed. */
const PATIENCE_MS = 5000;
const NS_PER_MS = 1e6;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '' },
    path: { type: 'string', default: '/' },
    rate: { type: 'string', default: '' },
    seconds: { type: 'string', default: '5' },
  },
});
const everyMs = 1000 / Number(values.rate);
const uncounted = Math.round(Number(values.rate) * WARM_UP_SECONDS);
const total = Math.round(Number(values.rate) * (WARM_UP_SECONDS + Number(values.seconds)));
const request = Buffer.from(`GET ${values.path} HTTP/1.1\r\nHost: 127.0.0.1:${values.port}\r\n\r\n`, 'latin1');
const [latency, lateness] = [createHistogram(), createHistogram()];
const idle: Connection[] = [];
let [sent, ended, failed] = [0, 0, 0];

setPriority(constants.priority.PRIORITY_LOW);
await Promise.all(Array.from({ length: CONNECTIONS }, open));
const startMs = performance.now();
turn();

function turn(): void {
  const nowMs = performance.now() - startMs;
  sendDue(nowMs);
  if (ended < total && nowMs < total * everyMs + PATIENCE_MS) setImmediate(turn);
  else finish();
}

function sendDue(nowMs: number): void {
  for (; sent < total && sent * everyMs <= nowMs; sent += 1) {
    const connection = idle.shift();
    if (connection === undefined) return;
    connection.dueMs = sent * everyMs;
    if (sent >= uncounted) note(lateness, nowMs - connection.dueMs);
    connection.send();
  }
}

function took(connection: Connection, status: number): void {
  const nowMs = performance.now() - startMs;
  ended += 1;
  if (status !== 200) failed += 1;
  else if (connection.dueMs >= uncounted * everyMs) note(latency, nowMs - connection.dueMs);
  idle.push(connection);
  sendDue(nowMs);
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
  const us = (histogram: RecordableHistogram, percentile: number): number => histogram.percentile(percentile) / 1000;
  const paced: Paced = {
    answered: latency.count,
    p50Us: us(latency, 50),
    p99Us: us(latency, 99),
    p999Us: us(latency, 99.9),
    lateP99Us: us(lateness, 99),
    failed: failed + total - ended,
  };
  process.send?.(paced, () => process.exit());
}

function note(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * NS_PER_MS)));
}
