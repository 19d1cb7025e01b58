import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Job, Result } from './worker.ts';

// As in src/compose/edge-stock.ts: short-lived objects that are made old from birth cost a simulation nine tenths of its time.
setFlagsFromString('--no-allocation-site-pretenuring');
const YOUNG_MB = 64;

/** Has so many threads do all jobs, and tells of each result as it comes. Rejects when one of them fails. */
export async function doAll(jobs: readonly Job[], threads: number, done: (result: Result) => void): Promise<void> {
  const left = [...jobs];
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, () => work(left, done)));
}

/** One thread takes jobs until none is left. */
function work(left: Job[], done: (result: Result) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const job = left.shift();
      if (job === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(job);
    };
    worker.on('message', (result: Result) => {
      done(result);
      next();
    });
    worker.on('error', reject);
    next();
  });
}
