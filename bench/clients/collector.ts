/*
 * Goes into the threads of an edge by `--import`, before its own code: at a signal each of them collects its garbage. How
 * much of it lies about when resident memory is read is chance, some tens of MiB, and would hide what clients cost.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { COLLECT_SIGNAL } from './collect-signal.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const channel = new BroadcastChannel('bench:collect');
channel.unref();
if (isMainThread) {
  process.on(COLLECT_SIGNAL, () => {
    channel.postMessage('now');
    collect();
  });
} else {
  channel.onmessage = collect;
}
