/*
 * A client that keeps a rate, as a process of its own:
 *
 *   paced-client.ts --port P --path /bytes/100 --rate 1000 --seconds 5
 *
 * How it keeps the rate, and from when latency counts: see rig/paced-requests.ts. How late it was itself is a figure of its own.
 * It tells its parent a `Paced`.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { paceRequests } from '../rig/paced-requests.ts';

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

/** Not counted, at the beginning. */
const WARM_UP_SECONDS = 2;
const NS_PER_MS = 1e6;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '' },
    path: { type: 'string', default: '/' },
    rate: { type: 'string', default: '' },
    seconds: { type: 'string', default: '5' },
  },
});
const [port, rate, seconds] = [Number(values.port), Number(values.rate), Number(values.seconds)];
const [latency, lateness] = [createHistogram(), createHistogram()];
const total = Math.round(rate * (WARM_UP_SECONDS + seconds));
const failed = await paceRequests({ port, path: values.path, rate, total }, { sent, answered });
const paced: Paced = {
  answered: latency.count,
  p50Us: us(latency, 50),
  p99Us: us(latency, 99),
  p999Us: us(latency, 99.9),
  lateP99Us: us(lateness, 99),
  failed,
};
process.send?.(paced, () => process.exit());

function sent(dueMs: number, nowMs: number): void {
  if (dueMs >= WARM_UP_SECONDS * 1000) note(lateness, nowMs - dueMs);
}

function answered(dueMs: number, nowMs: number): void {
  if (dueMs >= WARM_UP_SECONDS * 1000) note(latency, nowMs - dueMs);
}

function note(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * NS_PER_MS)));
}

function us(histogram: RecordableHistogram, percentile: number): number {
  return histogram.percentile(percentile) / 1000;
}
