import { extname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { keptFolder } from './compile-cache.ts';
import type { EdgeBirth, EdgeNest } from './protocol.ts';

/*
 * Loading its modules takes an edge thread longer than all else that it does before it serves, and needs to know nothing. So
 * threads may be started before the configuration has been read: they load, and wait for what they are to be born with.
 */

// V8 would make some objects of each request old from their birth, because others from the same line of code had lived long. Dead ones
// among them keep what they refer to alive, so that every collection of young objects copies a third of them: 12 to 25 ms each time.
setFlagsFromString('--no-allocation-site-pretenuring');
// A collection of young objects costs the same whether it comes after 1 MiB or 4, and a busy thread makes that in milliseconds; it also wakes four threads, each of
// which takes a turn of a core that edge threads want. This counts for threads that are started from now on, each of which takes 4 MiB more than with 2.
setFlagsFromString('--min-semi-space-size=4');

/** Its source or what became of it in the build: the extension is that of this file. */
const ENTRY = new URL(`./edge-entry${extname(import.meta.url)}`, import.meta.url);

type Unborn = { readonly worker: Worker; readonly birth: MessagePort };

const stock: Unborn[] = [];

/** Starts so many threads ahead of time. Whoever does it has them taken, or calls `endEarly`. */
export function startEarly(count: number): void {
  for (let started = 0; started < count; started += 1) {
    const unborn = open();
    // Whoever takes it hears of its end; until then it is only missing here.
    unborn.worker.on('error', () => {});
    unborn.worker.once('exit', () => forget(unborn));
    stock.push(unborn);
  }
}

/** A thread that is born with this: one that was started early, as long as there are any. */
export function takeThread(born: EdgeBirth): Worker {
  const { worker, birth } = stock.shift() ?? open();
  birth.postMessage(born);
  return worker;
}

/** Ends the threads that nobody has taken. */
export async function endEarly(): Promise<void> {
  await Promise.all(stock.splice(0).map(({ worker }) => worker.terminate()));
}

function open(): Unborn {
  const { port1, port2 } = new MessageChannel();
  const workerData: EdgeNest = { birth: port2, compiled: keptFolder() };
  return { worker: new Worker(ENTRY, { workerData, transferList: [port2] }), birth: port1 };
}

function forget(unborn: Unborn): void {
  const at = stock.indexOf(unborn);
  if (at !== -1) stock.splice(at, 1);
}
