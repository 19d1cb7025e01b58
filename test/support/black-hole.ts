import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** Listens with the shortest queue there is, says where, and never looks at it again. */
const LISTEN = `
const { parentPort } = require('node:worker_threads');
const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  // The message leaves before the thread stops for good.
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;

/** As many as fill the queue of a listener that takes nobody. */
const FILLERS = 4;

/** A port on loopback from which nothing comes, not even a refusal: whoever connects to it waits. */
export async function startBlackHole(): Promise<number> {
  const worker = new Worker(LISTEN, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of fillers) socket.destroy();
    await worker.terminate();
  });
  for (let i = 0; i < FILLERS; i += 1) fillers.push(connect(port, '127.0.0.1').on('error', () => {}));
  // The first ones are in the queue by the time that the last one has been turned away.
  await once(fillers[0] as Socket, 'connect');
  return port;
}
