import { parentPort, workerData } from 'node:worker_threads';
import { nanoseconds, rateOf, takeRate } from '../../src/resilience/rate-limit.ts';

export type RateWork = {
  readonly due: SharedArrayBuffer;
  /** The time that all threads go by, in ms, and how many threads have come. */
  readonly clock: SharedArrayBuffer;
  readonly threads: number;
  readonly untilMs: number;
  /** Whether this one moves the time on. */
  readonly ticks: boolean;
  readonly burst: number;
};

/** How often the thread that moves the time on asks in each millisecond. */
const ASKS = 40;

/** Asks for one request after the other, at a thousand a second, until the time is over; tells how many passed. */
const { due, clock, threads, untilMs, ticks, burst } = workerData as RateWork;
const cells = new BigInt64Array(due);
const time = new Int32Array(clock);
const rate = rateOf(1000, burst);
let passed = 0;
Atomics.add(time, 1, 1);
while (Atomics.load(time, 1) < threads) Atomics.pause();
for (let nowMs = 0; nowMs < untilMs; nowMs = Atomics.load(time, 0)) {
  for (let ask = 0; ask < ASKS; ask += 1) if (takeRate(cells, 0, nanoseconds(nowMs), rate) === 0) passed += 1;
  if (ticks) Atomics.add(time, 0, 1);
}
parentPort?.postMessage(passed);
