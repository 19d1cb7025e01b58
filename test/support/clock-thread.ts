import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../src/table/system-clock.ts';

/** A thread that answers every message with the time by its own clock. */
const clock = systemClock((workerData as { readonly originMs: number }).originMs);
parentPort?.on('message', () => parentPort?.postMessage(clock.nowMs()));
