import { parentPort, workerData } from 'node:worker_threads';
import { nanoseconds, rateOf, takeRate } from '../../src/resilience/rate-limit.ts';
import { systemClock } from '../../src/table/system-clock.ts';

export type RateWork = {
  readonly due: SharedArrayBuffer;
  readonly originMs: number;
  readonly untilMs: number;
  readonly requestsPerSecond: number;
  readonly burst: number;
};

/** Asks for one request after the other until the time is over, and tells how many passed, by the time at which they did. */
const { due, originMs, untilMs, requestsPerSecond, burst } = workerData as RateWork;
const cells = new BigInt64Array(due);
const rate = rateOf(requestsPerSecond, burst);
const { nowMs } = systemClock(originMs);
const passedAtMs: number[] = [];
for (let atMs = nowMs(); atMs < untilMs; atMs = nowMs()) {
  if (takeRate(cells, 0, nanoseconds(atMs), rate) === 0) passedAtMs.push(atMs);
}
parentPort?.postMessage(passedAtMs);
