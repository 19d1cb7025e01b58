import { parentPort, workerData } from 'node:worker_threads';
import { SqliteStore } from '../../src/degraded/sqlite-store.ts';

/** Opens a store the moment all threads may, and says how that went. */
const { path, go } = workerData as { readonly path: string; readonly go: SharedArrayBuffer };
parentPort?.postMessage('here');
Atomics.wait(new Int32Array(go), 0, 0);
try {
  new SqliteStore(path, { bytes: 1_000_000, entries: 10 }).close();
  parentPort?.postMessage('opened');
} catch (error) {
  parentPort?.postMessage(String(error));
}
