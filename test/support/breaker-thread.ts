import { parentPort, threadId, workerData } from 'node:worker_threads';
import { BreakerCells } from '../../src/resilience/breaker-cells.ts';
import { type Hammered, hammer } from './breaker-hammer.ts';

/** A thread that hammers a breaker as soon as all of them have come, and says when it has done. */
const shared = workerData as Hammered;
parentPort?.postMessage(hammer(shared, new BreakerCells(shared.words, shared.untilMs), threadId));
