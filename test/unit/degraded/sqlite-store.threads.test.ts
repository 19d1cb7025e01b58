import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/process.ts';

const ROUNDS = 12;
const THREADS = 4;

test('threads that open a fresh file at the same time all get it', async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < ROUNDS; round += 1) {
    const go = new SharedArrayBuffer(4);
    const workerData = { path: `${folder.path}/${round}.sqlite`, go };
    const threads = Array.from(
      { length: THREADS },
      () => new Worker(new URL('../../support/sqlite-thread.ts', import.meta.url), { workerData }),
    );
    onTestFinished(async () => void (await Promise.all(threads.map((thread) => thread.terminate()))));
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    const outcomes = Promise.all(threads.map((thread) => once(thread, 'message')));
    Atomics.store(new Int32Array(go), 0, 1);
    Atomics.notify(new Int32Array(go), 0);
    expect((await outcomes).flat()).toEqual(Array.from({ length: THREADS }, () => 'opened'));
  }
});
