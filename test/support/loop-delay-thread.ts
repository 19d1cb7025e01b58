import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { LoopDelay } from '../../src/table/loop-delay.ts';

/** A thread with nothing to do: says how many turns its loop took in a second and a half in which a `LoopDelay` looked on. */
const delay = new LoopDelay();
await sleep(100);
const before = performance.nodeTiming.uvMetricsInfo.loopCount;
await sleep(1500);
parentPort?.postMessage(performance.nodeTiming.uvMetricsInfo.loopCount - before);
delay.close();
