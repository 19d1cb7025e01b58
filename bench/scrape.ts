/*
 * What does a scrape cost, and what does a scraper that never rests do to clients?
 *
 *   npm run bench:scrape [-- --seconds 5 --rounds 5 --only cost|p99]
 *
 * First an edge of 50 services with six endpoints each, one thread: how long the first scrape takes, and how much CPU time of the control
 * thread each of the next (seldom, as Prometheus asks; the scraper rests between them). Then an edge with three endpoints under a steady
 * load: the clients' 99th percentile in turns without and with a scraper that asks again as soon as it has its answer. Linux only.
 */
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { paced } from './peers/added.ts';
import { end, firstMessage, start } from './rig/children.ts';
import { configOf, inTurn } from './rig/config.ts';
import { type EdgeProcess, startEdge } from './rig/edge.ts';
import { threadCpuSeconds } from './rig/proc.ts';

const SERVICES = 50;
const ENDPOINTS_EACH = 6;
/** Scrapes whose cost is added up: the kernel counts in hundredths of a second. */
const SCRAPES = 40;
/** Between two of them, so that none of them waits. */
const REST_MS = 300;
const RATE = 1000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const origin = start({
  script: new URL('./rig/origin.ts', import.meta.url),
  args: ['--ports', '0,0,0'],
  core: 0,
  ipc: true,
});
try {
  const ports = await firstMessage<number[]>(origin);
  if (values.only !== 'p99') await costs(ports);
  if (values.only !== 'cost') await latencies(ports);
} finally {
  await end(origin);
}

/** What a scrape of a large edge takes. */
async function costs(ports: readonly number[]): Promise<void> {
  const edge = await startEdge(manyServices(ports));
  try {
    await sleep(3000);
    const pid = edge.child.pid as number;
    const cpuAtFirst = threadCpuSeconds(pid, pid);
    const startMs = performance.now();
    const bytes = await scrape(edge);
    const firstMs = performance.now() - startMs;
    const firstCpuMs = (threadCpuSeconds(pid, pid) - cpuAtFirst) * 1000;
    console.log(
      `first scrape: ${firstMs.toFixed(0)} ms (${firstCpuMs.toFixed(0)} ms of CPU of the control thread), ${bytes} bytes`,
    );
    const idle = await cpuOver(pid, async () => sleep(SCRAPES * REST_MS));
    const busy = await cpuOver(pid, async () => {
      for (let i = 0; i < SCRAPES; i += 1) {
        await scrape(edge);
        await sleep(REST_MS);
      }
    });
    console.log(
      `the next ${SCRAPES}: ${((Math.max(0, busy - idle) * 1000) / SCRAPES).toFixed(1)} ms of CPU of the control thread each`,
    );
  } finally {
    await edge.end();
  }
}

async function cpuOver(pid: number, work: () => Promise<void>): Promise<number> {
  const before = threadCpuSeconds(pid, pid);
  await work();
  return threadCpuSeconds(pid, pid) - before;
}

/** Clients' latency without a scraper and with one that never rests, in turns. */
async function latencies(ports: readonly number[]): Promise<void> {
  const edge = await startEdge(configOf(inTurn(ports), 'log: { access: false }', ', workers: 1'));
  const order = { port: edge.port, path: '/bytes/100', rate: RATE, seconds: Number(values.seconds) };
  const [quiet, scraped]: [number[], number[]] = [[], []];
  try {
    // Code is compiled before it counts.
    await paced(order);
    let scrapes = 0;
    for (let round = 0; round < Number(values.rounds); round += 1) {
      quiet.push((await paced(order)).p99Us);
      const scraper = restless(edge);
      scraped.push((await paced(order)).p99Us);
      scrapes += await scraper.stop();
    }
    const [without, beside] = [median(quiet), median(scraped)];
    const each = quiet.map((us, i) => `${us}/${scraped[i]}`).join(' ');
    const more = ((beside / without - 1) * 100).toFixed(1);
    console.log(
      `p99 at ${RATE} requests a second: ${without} us, beside a restless scraper ${beside} us (${more} %); ${scrapes} scrapes; rounds ${each}`,
    );
  } finally {
    await edge.end();
  }
}

/** Scrapes again as soon as it has its answer. */
function restless(edge: EdgeProcess): { readonly stop: () => Promise<number> } {
  let going = true;
  let scrapes = 0;
  const done = (async () => {
    for (; going; scrapes += 1) await scrape(edge);
  })();
  return {
    stop: async () => {
      going = false;
      await done;
      return scrapes;
    },
  };
}

/** The bytes of one scrape. */
async function scrape({ adminPort }: EdgeProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ host: '127.0.0.1', port: adminPort, path: '/metrics' }, resolve).on('error', reject).end();
  let bytes = 0;
  for await (const chunk of await promise) bytes += (chunk as Buffer).length;
  return bytes;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

function manyServices(ports: readonly number[]): string {
  const [one, ...rest] = configOf(
    inTurn(Array.from({ length: ENDPOINTS_EACH }, (_, i) => ports[i % ports.length] as number)),
    'log: { access: false }',
    ', workers: 1',
  ).split('  shop:\n');
  const services = Array.from(
    { length: SERVICES },
    (_, i) => `  shop${i}:\n    match: { hosts: [shop${i}.example.com] }\n${rest.join('')}`,
  );
  return [one, ...services].join('');
}
