/*
 * What does it take to be there, and does a large body pass through, or does it pile up?
 *
 *   npm run bench:memory [-- --mib 1024 --idle 60 --requests 1000000 --threads 1,2,8 --only footprint|compiled|shipped|acme|body]
 *   npm run bench:memory -- --connections 10000 [--over h2-tls,h2c,h1-tls,h1] [--at Meridian] [--env NAME=VALUE]
 *
 * First the start of an edge with 1, 2 and 8 threads, its resident memory, and its CPU time while there is nothing to do: in the ten seconds after it was ready, and in
 * `--idle` after those. From the sources, and from `dist/` if `npm run build` has been run, there with the environment that the image and the unit of systemd set as well (`--only shipped`: that alone; `--only acme`: one thread beside certificates); with
 * `--requests`, its memory after so many of them (with wrk, where it is installed), which may be a fifth more. Then bodies:
 * One body up and one body down through a Meridian of its own, each with a receiver that is slower than its sender, so
 * that whatever has no backpressure shows; and the same through @fastify/http-proxy with nothing added. Printed is how far
 * the resident memory of the proxy's process grew above what it was after a few small requests, at its peak. Exits with 1
 * when Meridian's grew by more than 64 MiB, or requests left more than a fifth. Linux only.
 */
import { existsSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePorts } from '../test/support/free-ports.ts';
import { AS_SHIPPED, idleConnections } from './memory/connections.ts';
import { footprintOf } from './memory/footprint.ts';
import { OVER, type Over } from './memory/over.ts';
import { openScene } from './peers/scene.ts';
import { end, firstMessage, start } from './rig/children.ts';
import { configOf, inTurn } from './rig/config.ts';
import { SOURCES, startEdge } from './rig/edge.ts';
import { markdownTable } from './rig/markdown-table.ts';
import { provenance } from './rig/page.ts';
import { residentBytes } from './rig/proc.ts';
import { startOrigins } from './rig/start-origins.ts';

const MIB = 1024 * 1024;
const GROWTH_BYTES_MAX = 64 * MIB;
const MERIDIAN = 'Meridian';
const CHUNK = Buffer.alloc(64 * 1024, 'x');
const WARM_UP_REQUESTS = 200;
const NAME_WIDTH = 26;
const SAMPLE_MS = 20;
/** So much of its idle memory may be there when so many requests are over. */
const AFTER_SHARE_MAX = 1.2;
/** The receiver of a download rests this long after every so many bytes. */
const REST_MS = 5;
const REST_EVERY_BYTES = 8 * MIB;

type Target = { readonly name: string; readonly pid: number; readonly port: number; readonly end: () => Promise<void> };

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    idle: { type: 'string', default: '60' },
    requests: { type: 'string', default: '0' },
    threads: { type: 'string', default: '1,2,8' },
    only: { type: 'string', default: '' },
    connections: { type: 'string' },
    over: { type: 'string', default: 'h2-tls' },
    at: { type: 'string', default: '' },
    env: { type: 'string', multiple: true, default: [] },
  },
});
const compiledAlone = values.only === 'compiled' || values.only === 'shipped';
const bytes = Number(values.mib) * MIB;
if (values.connections === undefined) await footprintsAndBodies();
else await connections(Number(values.connections));

async function footprintsAndBodies(): Promise<void> {
  const { child: origin, ports } = await startOrigins(3, { args: ['--slow'] });
  try {
    if (values.only === 'acme') await obtaining(ports);
    else if (values.only !== 'body') await footprints(ports);
    for (const open of compiledAlone || ['footprint', 'acme'].includes(values.only)
      ? []
      : [() => plainProxy(ports), () => meridian(ports)]) {
      await measure(await open(), 'up (POST)', upload);
      await measure(await open(), 'down (GET)', download);
    }
  } finally {
    await end(origin);
  }
}

async function connections(count: number): Promise<void> {
  const env = { ...AS_SHIPPED, ...Object.fromEntries(values.env.map((one) => one.split('=', 2) as [string, string])) };
  const lines: string[][] = [];
  for (const over of values.over.split(',').filter((one): one is Over => OVER.some((known) => known === one))) {
    for (const { name, beforeBytes, withBytes, closed } of await idleConnections(over, count, { env, at: values.at })) {
      const each = (withBytes - beforeBytes) / count / 1024;
      lines.push([
        over,
        name,
        String(count),
        ...[beforeBytes, withBytes].map((one) => (one / MIB).toFixed(0)),
        each.toFixed(1),
        String(closed),
      ]);
      if (closed > 0) process.exitCode = 1;
    }
  }
  const head = ['over', 'at', 'idle', 'MiB before', 'with them', 'KiB each', 'closed'];
  console.log([provenance(), markdownTable(head, lines, 2)].join('\n\n'));
}

async function footprints(ports: readonly number[]): Promise<void> {
  const mains = { sources: SOURCES, compiled: new URL('../dist/main.js', import.meta.url) };
  for (const [name, main] of Object.entries(mains)) {
    if (!existsSync(main) || (compiledAlone && name !== 'compiled')) continue;
    for (const threads of values.threads.split(',').map(Number)) {
      if (name === 'compiled') await footprint(name, { main, env: AS_SHIPPED, ports, threads });
      if (values.only !== 'shipped') await footprint(`${name}, bare environment`, { main, env: {}, ports, threads });
    }
  }
}

/** What it takes to look after certificates: beside none, and one that is given, with an authority that is away. */
async function obtaining(ports: readonly number[]): Promise<void> {
  const { tls, folder, end: close } = await openScene();
  const directory = `https://127.0.0.1:${await freePorts(1)}/`;
  const acme = `email: ops@example.com, agree_to_terms: true, directory: "${directory}", folder: "${folder}/acme"`;
  const edges = {
    'no TLS': '',
    'a certificate': `, tls: { cert: "${tls.certFile}", key: "${tls.keyFile}" }`,
    'acme, away': `, tls: { acme: { domains: [shop.example.com], ${acme} } }`,
  };
  try {
    for (const [name, edge] of Object.entries(edges)) {
      await footprint(name, { main: SOURCES, env: AS_SHIPPED, ports, threads: 1, edge });
    }
  } finally {
    await close();
  }
}

async function footprint(
  name: string,
  edge: {
    readonly main: URL;
    readonly env: Readonly<Record<string, string>>;
    readonly ports: readonly number[];
    readonly threads: number;
    readonly edge?: string;
  },
): Promise<void> {
  const times = { idleSeconds: Number(values.idle), requests: Number(values.requests) };
  const of = await footprintOf(edge.threads, { ...edge, ...times });
  const start = `ready after ${of.readyMs.toFixed(0)} ms (${of.readyCpuMs.toFixed(0)} ms of CPU)`;
  const later = of.idlePercent === undefined ? '' : `, then ${of.idlePercent.toFixed(2)}`;
  const idle = `${of.residentMib.toFixed(0)} MiB, idle ${of.firstPercent.toFixed(2)} % of a core at first${later}`;
  const [at, rest] = [of.afterMib?.toFixed(0), of.laterMib?.toFixed(0)];
  const after = at === undefined ? '' : `, ${at} MiB after ${values.requests} requests and ${rest} ten seconds later`;
  if (of.laterMib !== undefined && of.laterMib > of.residentMib * AFTER_SHARE_MAX) process.exitCode = 1;
  console.log(`${name.padEnd(NAME_WIDTH)} ${edge.threads} threads  ${start}, ${idle}${after}`);
}

async function measure(target: Target, way: string, run: (port: number) => Promise<void>): Promise<void> {
  try {
    await warmUp(target.port);
    const { grown, seconds } = await watched(target.pid, () => run(target.port));
    const [size, rate] = [(grown / MIB).toFixed(1), (bytes / MIB / seconds).toFixed(0)];
    console.log(`${target.name.padEnd(20)} ${values.mib} MiB ${way.padEnd(10)}  grew by ${size} MiB, at ${rate} MiB/s`);
    if (grown > GROWTH_BYTES_MAX && target.name === MERIDIAN) process.exitCode = 1;
  } finally {
    await target.end();
  }
}

async function meridian(ports: readonly number[]): Promise<Target> {
  const edge = await startEdge(configOf(inTurn(ports), '', ', workers: 1'));
  return { name: MERIDIAN, pid: edge.child.pid as number, port: edge.port, end: edge.end };
}

async function plainProxy(ports: readonly number[]): Promise<Target> {
  const child = start({
    script: new URL('./rig/plain-proxy.ts', import.meta.url),
    args: [String(ports[0])],
    ipc: true,
  });
  const port = await firstMessage<number>(child);
  return { name: '@fastify/http-proxy', pid: child.pid as number, port, end: () => end(child) };
}

async function watched(pid: number, run: () => Promise<void>): Promise<{ grown: number; seconds: number }> {
  const before = residentBytes(pid).now;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid).now);
  }, SAMPLE_MS);
  const startMs = performance.now();
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  return { grown: most - before, seconds: (performance.now() - startMs) / 1000 };
}

async function upload(port: number): Promise<void> {
  const sent = send(port, { method: 'POST', path: '/', headers: { 'Content-Length': bytes } });
  for (let left = bytes; left > 0; left -= CHUNK.length) {
    const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
    if (!sent.request.write(chunk)) await new Promise((resolve) => sent.request.once('drain', resolve));
  }
  sent.request.end();
  const answer = await sent.answer;
  let counted = '';
  for await (const chunk of answer) counted += String(chunk);
  if (answer.statusCode !== 200 || Number(counted) !== bytes) {
    throw new Error(`${answer.statusCode}: the origin counted ${counted} of ${bytes} bytes`);
  }
}

async function download(port: number): Promise<void> {
  const sent = send(port, { method: 'GET', path: `/bytes/${bytes}` });
  sent.request.end();
  const answer = await sent.answer;
  let got = 0;
  let restAt = REST_EVERY_BYTES;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    got += chunk.length;
    if (got < restAt) continue;
    restAt += REST_EVERY_BYTES;
    await sleep(REST_MS);
  }
  if (answer.statusCode !== 200 || got !== bytes)
    throw new Error(`${answer.statusCode}: ${got} of ${bytes} bytes came`);
}

async function warmUp(port: number): Promise<void> {
  for (let i = 0; i < WARM_UP_REQUESTS; i += 1) {
    const sent = send(port, { method: 'GET', path: '/bytes/100' });
    sent.request.end();
    for await (const _ of await sent.answer);
  }
}

function send(
  port: number,
  options: { method: string; path: string; headers?: Record<string, number> },
): { request: ClientRequest; answer: Promise<IncomingMessage> } {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request({ host: '127.0.0.1', port, ...options }, resolve);
  sent.on('error', reject);
  return { request: sent, answer: promise };
}
