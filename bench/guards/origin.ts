/*
 * An origin that does so many requests at a time and lets the others queue: `origin.ts --slots 8 --takes 40 [--slow 0.05 --slow-ms 400]`.
 * It tells its port to its parent, and when it is asked how many requests it has begun, and how many of them were cancelled.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    slots: { type: 'string', default: '8' },
    takes: { type: 'string', default: '40' },
    slow: { type: 'string', default: '0' },
    'slow-ms': { type: 'string', default: '0' },
  },
});
const slots = Number(values.slots);
const waiting: ServerResponse[] = [];
let busy = 0;
let begun = 0;
let cancelled = 0;

const server = createServer((request, response) => {
  if (request.url === '/healthz') {
    response.end('ok');
    return;
  }
  begun += 1;
  response.on('close', () => {
    if (!response.writableFinished) cancelled += 1;
    const at = waiting.indexOf(response);
    if (at !== -1) waiting.splice(at, 1);
  });
  if (busy < slots) work(response);
  else waiting.push(response);
});
server.keepAliveTimeout = 65_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.on('message', () => process.send?.({ begun, cancelled }));

function work(response: ServerResponse): void {
  busy += 1;
  const slow = Math.random() < Number(values.slow) ? Number(values['slow-ms']) : 0;
  setTimeout(() => {
    busy -= 1;
    response.end('ok');
    const next = waiting.shift();
    if (next !== undefined) work(next);
  }, Number(values.takes) + slow);
}
