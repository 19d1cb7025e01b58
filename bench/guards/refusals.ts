import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { end, firstMessage, start } from '../rig/children.ts';
import { type EdgeProcess, startEdge } from '../rig/edge.ts';
import { cpuSeconds } from '../rig/proc.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const WARM_UP = 20_000;
const REQUESTS = 100_000;

/**
 * CPU of an edge, in µs, for each request that it sheds with a 503: `ahead` are written at once on one connection. With many the cost of reading and writing is shared, and
 * what is left is that of deciding and saying it.
 */
export async function refusalUs(aheads: readonly number[]): Promise<readonly number[]> {
  const script = new URL('origin.ts', import.meta.url);
  const origin = start({ script, args: ['--slots', '0'], ipc: true });
  let edge: EdgeProcess | undefined;
  try {
    edge = await startEdge(yamlOf(await firstMessage<number>(origin)), undefined, {});
    // Endpoints are built for one, and two are under way that never end.
    const held = await Promise.all([opened(edge.port), opened(edge.port)]);
    for (const socket of held) socket.write(GET);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const found: number[] = [];
    for (const ahead of aheads) found.push(await measured(edge, ahead));
    for (const socket of held) socket.destroy();
    return found;
  } finally {
    await edge?.end();
    await end(origin);
  }
}

async function measured({ port, child }: EdgeProcess, ahead: number): Promise<number> {
  const socket = await opened(port);
  await asked(socket, ahead, WARM_UP);
  const before = cpuSeconds(child.pid as number);
  await asked(socket, ahead, REQUESTS);
  const tookS = cpuSeconds(child.pid as number) - before;
  socket.destroy();
  return (tookS * 1e6) / REQUESTS;
}

/** Asks so many times, `ahead` at once, and waits for all answers, each of which has to be a 503. */
function asked(socket: Socket, ahead: number, count: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const batch = GET.repeat(ahead);
  let [left, due, rest] = [count, 0, ''];
  const next = (): void => {
    due = ahead;
    left -= ahead;
    socket.write(batch);
  };
  const onData = (text: string): void => {
    const all = rest + text;
    const lines = all.split('HTTP/1.1 503 Service Unavailable');
    due -= lines.length - 1;
    rest = (lines.at(-1) as string).slice(-64);
    if (/HTTP\/1\.1 (?!503)/.test(all)) reject(new Error('something else than a 503'));
    if (due > 0) return;
    if (left > 0) return next();
    socket.off('data', onData);
    resolve();
  };
  socket.on('data', onData);
  next();
  return promise;
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  await once(socket, 'connect');
  return socket;
}

function yamlOf(origin: number): string {
  return `version: 1
edge: { id: bench, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1 }
admin: { listen: "127.0.0.1:0" }
log: { level: warn, access: false }
timeouts: { first_byte: 1h, patience: "off" }
services:
  shop:
    shed: { order: [balanced, latency], lag: 10s }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin}", capacity: 1 }]
`;
}
