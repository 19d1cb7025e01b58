import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectH2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { end, firstMessage, start } from '../rig/children.ts';
import { type EdgeProcess, startEdge } from '../rig/edge.ts';
import { cpuSeconds } from '../rig/proc.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const WARM_UP = 20_000;
const REQUESTS = 100_000;

/** What a 503 takes, in µs of CPU of the whole process, one at a time and many at once. */
export type RefusalCost = {
  readonly of: string;
  readonly aheads: readonly { readonly ahead: number; readonly us: number }[];
};

/**
 * CPU of an edge for each request that it sheds with a 503: `ahead` are written at once on one connection. With many the cost of reading is shared. Beside it
 * a server of Node's sockets that writes the same number of bytes for each read and does nothing else: what is left of that is the kernel's and the runtime's.
 */
export async function refusalCosts(aheads: readonly number[]): Promise<readonly RefusalCost[]> {
  const script = new URL('origin.ts', import.meta.url);
  const origin = start({ script, args: ['--slots', '0'], ipc: true });
  const plain = start({ script: new URL('prepared.ts', import.meta.url), args: [], ipc: true });
  let edge: EdgeProcess | undefined;
  try {
    edge = await startEdge(yamlOf(await firstMessage<number>(origin)), undefined, {});
    const shedding = { port: edge.port, child: edge.child };
    const prepared = { port: await firstMessage<number>(plain), child: plain };
    // Endpoints are built for one, and two are under way that never end.
    const held = await Promise.all([opened(edge.port), opened(edge.port)]);
    for (const socket of held) socket.write(GET);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const costs: RefusalCost[] = [];
    for (const [of, server, cost] of [
      ['a server that writes a 503 for each read', prepared, measured],
      ['HTTP/1.1', shedding, measured],
      ['HTTP/2', shedding, measuredH2],
    ] as const) {
      const found: { ahead: number; us: number }[] = [];
      for (const ahead of server === prepared ? [1] : aheads) found.push({ ahead, us: await cost(server, ahead) });
      costs.push({ of, aheads: found });
    }
    for (const socket of held) socket.destroy();
    return costs;
  } finally {
    await edge?.end();
    await end(plain);
    await end(origin);
  }
}

type Server = { readonly port: number; readonly child: ChildProcess };

/** The same over one connection of HTTP/2 without TLS, with so many streams at once. */
async function measuredH2({ port, child }: Server, ahead: number): Promise<number> {
  const session = connectH2(`http://127.0.0.1:${port}`);
  const ask = async (): Promise<void> => {
    const stream = session.request({ ':path': '/', ':authority': 'a' });
    const [head] = (await once(stream, 'response')) as [{ readonly ':status'?: number }];
    if (head[':status'] !== 503) throw new Error('something else than a 503');
    stream.resume();
    await once(stream, 'close');
  };
  const all = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= ahead) await Promise.all(Array.from({ length: ahead }, ask));
  };
  await all(WARM_UP / 4);
  const before = cpuSeconds(child.pid as number);
  await all(REQUESTS / 4);
  const tookS = cpuSeconds(child.pid as number) - before;
  session.destroy();
  return (tookS * 1e6) / (REQUESTS / 4);
}

async function measured({ port, child }: Server, ahead: number): Promise<number> {
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
edge: { id: bench, region: aws/us-east-1, workers: 1, listeners: [{ listen: "127.0.0.1:0", http2: h2c }] }
admin: { listen: "127.0.0.1:0" }
log: { level: warn, access: false }
timeouts: { first_byte: 1h, patience: "off" }
services:
  shop:
    shed: { order: [balanced, latency], lag: 10s }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin}", capacity: 1 }]
`;
}
