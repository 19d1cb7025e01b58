/*
 * What does the edge cost per request?
 *
 *   npm run bench [-- --seconds 5] [--only 100B] [--write]
 *
 * Side by side in one run: the bare origin, @fastify/http-proxy with nothing added, and Meridian with one edge thread and
 * nine endpoints. Each is a process of its own; on a machine with two cores or more, what is measured has the second one
 * for itself, and the load and the origin share the first. CPU time is that of the whole measured process, as the
 * kernel counts it. Latencies are autocannon's, in whole milliseconds. `--write` puts the table into bench/README.md.
 */
import { parseArgs } from 'node:util';
import { cannon, type Load } from './edge/autocannon.ts';
import { type Row, tableOf } from './edge/table.ts';
import { end, firstMessage, start } from './rig/children.ts';
import { configOf, inTurn } from './rig/config.ts';
import { startEdge } from './rig/edge.ts';
import { provenance, writeIntoReadme } from './rig/page.ts';
import { cpuSeconds } from './rig/proc.ts';
import { startOrigins } from './rig/start-origins.ts';

const PLAIN_PROXY = new URL('./rig/plain-proxy.ts', import.meta.url);
const MEASURED_CORE = 1;
const LOAD_CORE = 0;
const CONNECTIONS = 32;
const ENDPOINTS = 9;
const WARM_UP_SECONDS = 2;

const LOADS: readonly (Pick<Load, 'path' | 'postBytes'> & { readonly name: string })[] = [
  { name: 'GET 100 B', path: '/bytes/100' },
  { name: 'GET 10 KiB', path: '/bytes/10240' },
  { name: 'GET 1 MiB', path: '/bytes/1048576' },
  { name: 'POST 1 KiB', path: '/', postBytes: 1024 },
];

type Target = { readonly name: string; readonly pid: number; readonly port: number; readonly end: () => Promise<void> };

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, only: { type: 'string' }, write: { type: 'boolean' } },
});
const rows: Row[] = [];
const { child: origin, ports } = await startOrigins(ENDPOINTS, { core: LOAD_CORE });
try {
  for (const open of [() => bare(), () => plainProxy(ports), () => edge(ports, false), () => edge(ports, true)]) {
    const target = await open();
    rows.push(...(await measureAll(target)));
  }
} finally {
  await end(origin);
}
rows.sort((a, b) => order(a.load) - order(b.load));
const table = tableOf(rows);
console.log(table);
if (values.write === true) writeIntoReadme('edge', `${provenance()}\n\n${table}`);
if (rows.some(({ bad }) => bad > 0)) process.exitCode = 1;

async function measureAll(target: Target): Promise<Row[]> {
  const measured: Row[] = [];
  try {
    for (const load of LOADS.filter(({ name }) =>
      name.replaceAll(' ', '').includes((values.only ?? '').replaceAll(' ', '')),
    )) {
      measured.push(await measure(target, load));
    }
    return measured;
  } finally {
    await target.end();
  }
}

async function measure(target: Target, load: (typeof LOADS)[number]): Promise<Row> {
  const { name, ...what } = load;
  const full = { ...what, port: target.port, connections: CONNECTIONS, core: LOAD_CORE };
  await cannon({ ...full, seconds: WARM_UP_SECONDS });
  const before = cpuSeconds(target.pid);
  const loaded = await cannon({ ...full, seconds: Number(values.seconds) });
  const cpuUs = ((cpuSeconds(target.pid) - before) * 1e6) / loaded.requests;
  return { ...loaded, load: name, through: target.name, cpuUs };
}

/** An origin where a proxy would be: the measured core's own. */
async function bare(): Promise<Target> {
  const { child, ports: own } = await startOrigins(1, { core: MEASURED_CORE });
  return { name: 'nothing (the origin)', pid: child.pid as number, port: own[0] as number, end: () => end(child) };
}

async function plainProxy(ports: readonly number[]): Promise<Target> {
  const child = start({ script: PLAIN_PROXY, args: [String(ports[0])], core: MEASURED_CORE, ipc: true });
  const port = await firstMessage<number>(child);
  return { name: '@fastify/http-proxy', pid: child.pid as number, port, end: () => end(child) };
}

async function edge(ports: readonly number[], access: boolean): Promise<Target> {
  const log = `log: { level: ${access ? 'info' : 'warn'}, access: ${access} }`;
  const running = await startEdge(configOf(inTurn(ports), log, ', workers: 1'), MEASURED_CORE);
  const name = access ? 'Meridian, access log' : 'Meridian';
  return { name, pid: running.child.pid as number, port: running.port, end: running.end };
}

function order(load: string): number {
  return LOADS.findIndex(({ name }) => name === load);
}
