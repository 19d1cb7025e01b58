/*
 * What does a scrape cost, and what does a scraper that never rests do to clients?
 *
 *   npm run bench:scrape [-- --pairs 60 --only cost|p99]
 *
 * First an edge of 50 services with six endpoints each, one thread: how long the first scrape takes, and how much CPU time of the control
 * thread each of the next (seldom, as Prometheus asks; the scraper rests between them). Then an edge with three endpoints under a steady
 * load that does not wait for answers, in windows of a second in turns without and with a scraper that asks again as soon as it has its
 * answer: how much the clients' percentiles differ, and the CPU time of the edge thread, by pairs of windows that follow each other, so that
 * what else the machine does falls on both alike.
 *
 * Two cores are enough for that, if nobody asks of one of them what the other one did: everything on the way of a request (client, edge
 * thread, origin) has one core, before whatever else wants it where this user may say so; the scraper, the control thread and the runtime's helpers
 * have the other. What the scraper still does to a request then is what it does to the edge, by memory, caches and locks; that it takes CPU time from
 * whoever shares a core with it is no matter of the edge's. `--together` leaves all of them where the kernel puts them. Linux only.
 */
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { paced } from './peers/added.ts';
import { LOAD_CORE, PROXY_CORE } from './peers/scene.ts';
import { end, start } from './rig/children.ts';
import { configOf, inTurn } from './rig/config.ts';
import { type EdgeProcess, startEdge } from './rig/edge.ts';
import { threadCpuSeconds } from './rig/proc.ts';
import { startOrigins } from './rig/start-origins.ts';
import { busiestThread, hurry, pinThread, runAtOnce, type Scheduled, scheduledOf, threadsOf } from './rig/threads.ts';
import { pairedDifference } from './scrape/paired.ts';
import type { WindowMessage } from './scrape/window-client.ts';

const SERVICES = 50;
const ENDPOINTS_EACH = 6;
/** Scrapes whose cost is added up: the kernel counts in hundredths of a second. */
const SCRAPES = 40;
/** Between two of them, so that none of them waits. */
const REST_MS = 300;
const RATE = 2000;
/** Nearly before all others, who have 0: a scraper that others keep from scraping is none that never rests. */
const URGENT = -15;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    together: { type: 'boolean', default: false },
  },
});
const PAIRS = Number(values.pairs);
const { child: origin, ports } = await startOrigins(3, { core: values.together ? LOAD_CORE : PROXY_CORE });
try {
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

/** Clients' latency without a scraper and with one that never rests, window by window. */
async function latencies(ports: readonly number[]): Promise<void> {
  const edge = await startEdge(configOf(inTurn(ports), 'log: { access: false }', ', workers: 1'));
  const pid = edge.child.pid as number;
  try {
    // Code is compiled before it counts.
    await paced({ port: edge.port, path: '/bytes/100', rate: RATE, seconds: 3 });
    const thread = busiestThread(pid);
    if (!values.together) setApart(pid, thread);
    let scraper: ReturnType<typeof restless> | undefined;
    let scrapes = 0;
    const spent: Scheduled[] = [];
    const { windows, failed } = await inWindows(edge.port, (window) => {
      spent.push(scheduledOf(pid, thread));
      const wanted = isScraped(window);
      if (wanted) scraper ??= restless(edge);
      else if (scraper !== undefined) {
        void scraper.stop().then((count) => (scrapes += count));
        scraper = undefined;
      }
    });
    await scraper?.stop().then((count) => (scrapes += count));
    spent.push(scheduledOf(pid, thread));
    const inEach = (of: (one: Scheduled) => number): readonly number[] =>
      windows.map((_, i) => (of(spent[i + 1] as Scheduled) - of(spent[i] as Scheduled)) / 1000);
    console.log(
      `${PAIRS} pairs of windows at ${RATE} requests a second; ${scrapes} scrapes; ${failed} requests failed`,
    );
    report(
      'p50',
      windows.map(({ p50Us }) => p50Us),
    );
    report(
      'p99',
      windows.map(({ p99Us }) => p99Us),
    );
    report(
      'CPU of the edge thread',
      inEach(({ ranNs }) => ranNs),
    );
    report(
      'the edge thread ready, and waiting for its core',
      inEach(({ waitedNs }) => waitedNs),
    );
  } finally {
    await edge.end();
  }
}

/** A core for the edge thread and all that requests go through, the other for the scraper and the rest of the edge. */
function setApart(pid: number, edgeThread: number): void {
  for (const one of threadsOf(pid)) pinThread(one, one === edgeThread ? PROXY_CORE : LOAD_CORE);
  for (const one of threadsOf(process.pid)) pinThread(one, LOAD_CORE);
  for (const one of [pid, process.pid]) hurry(one, URGENT);
  const atOnce = [edgeThread, ...threadsOf(origin.pid as number)].every(runAtOnce);
  if (!atOnce) console.log('this user may not schedule: what else wants that core is in the figures');
}

/** Of two windows that belong together the second is the scraped one, and of the next two the first: drift falls on both alike. */
function isScraped(window: number): boolean {
  return window % 4 === 1 || window % 4 === 2;
}

function report(what: string, us: readonly number[]): void {
  const pairs = Array.from({ length: Math.floor(us.length / 2) }, (_, i): [number, number] => {
    const [one, other] = [us[2 * i] as number, us[2 * i + 1] as number];
    return isScraped(2 * i) ? [other, one] : [one, other];
  });
  const { median: more, from, to } = pairedDifference(pairs);
  const [without, beside] = [median(pairs.map(([us1]) => us1)), median(pairs.map(([, us2]) => us2))];
  const percent = (share: number) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
  console.log(
    `${what}: ${percent(more)} beside a restless scraper (95 %: ${percent(from)} to ${percent(to)}); medians ${without.toFixed(0)} and ${beside.toFixed(0)} us`,
  );
}

/** Runs the client; `begins` is called at the start of each window. */
async function inWindows(
  port: number,
  begins: (window: number) => void,
): Promise<Extract<WindowMessage, { windows: unknown }>> {
  const args = ['--port', port, '--path', '/bytes/100', '--rate', RATE, '--windows', 2 * PAIRS].map(String);
  const script = new URL('./scrape/window-client.ts', import.meta.url);
  const apart = !values.together;
  const client = start({
    script,
    args: apart ? [...args, '--rest'] : args,
    core: apart ? PROXY_CORE : LOAD_CORE,
    ipc: true,
  });
  if (apart) runAtOnce(client.pid as number);
  const { promise, resolve, reject } = Promise.withResolvers<Extract<WindowMessage, { windows: unknown }>>();
  client.on('message', (message: WindowMessage) => ('begins' in message ? begins(message.begins) : resolve(message)));
  client.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
  try {
    return await promise;
  } finally {
    await end(client);
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
