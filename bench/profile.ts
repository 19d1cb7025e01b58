/*
 * Where does the time of a request go?
 *
 *   npm run bench:profile [-- --seconds 8 --top 40 --log --general --runtime]
 *
 * The wire engine with nine endpoints and `GET 100 B` from 32 connections, sampled by perf from the first instruction of a
 * read to the last of a write, the kernel's included: what each part costs per request, in microseconds of the edge
 * process. With `--log`, the access log is on; with `--general`, it is
 * the general engine; with `--runtime`, functions of Node and V8 are listed too. Needs Linux, perf (Debian: linux-perf) and wrk.
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadOf, WRK } from './peers/measure.ts';
import { findProgram } from './peers/program.ts';
import { openScene, PROXY_CORE } from './peers/scene.ts';
import { WORKS, type Work } from './peers/works.ts';
import { readSymbols, type Symbols, tableOfParts, tableOfPlaces, tableOfRuntime } from './profile/symbols.ts';
import { configOf, inTurn } from './rig/config.ts';
import { startEdge } from './rig/edge.ts';
import { provenance } from './rig/page.ts';
import { cpuTimeOfTree } from './rig/proc.ts';

const WARM_UP_SECONDS = 3;
const SAMPLES_PER_SECOND = '1999';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    top: { type: 'string', default: '40' },
    log: { type: 'boolean', default: false },
    general: { type: 'boolean', default: false },
    runtime: { type: 'boolean', default: false },
  },
});
const perf = findProgram('perf');
if (perf === undefined || WRK === undefined) {
  console.log('skipped: perf (Debian: linux-perf) and wrk have to be installed');
  process.exit();
}
const REPORT: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'ignore'],
};

const scene = await openScene();
try {
  const { symbols, usARequest, requestsPerSecond } = await sampled(perf, Number(values.seconds));
  console.log(
    `${provenance()}. ${requestsPerSecond.toFixed(0)} requests/s, ${usARequest.toFixed(1)} µs of CPU each.\n`,
  );
  const top = Number(values.top);
  console.log(`${tableOfParts(symbols, usARequest)}\n\n${tableOfPlaces(symbols, usARequest, top)}`);
  if (values.runtime) console.log(`\n${tableOfRuntime(symbols, usARequest, top)}`);
} finally {
  await scene.end();
}

async function sampled(
  program: string,
  seconds: number,
): Promise<{ readonly symbols: Symbols; readonly usARequest: number; readonly requestsPerSecond: number }> {
  const yaml = configOf(
    inTurn(scene.origins),
    values.log ? '' : 'log: { level: warn, access: false }',
    `, workers: 1${values.general ? ', accelerator: off' : ''}`,
  );
  const edge = await startEdge(yaml, PROXY_CORE, { NODE_OPTIONS: '--perf-basic-prof' });
  const file = join(scene.folder, 'perf.data');
  const order = { work: WORKS[0] as Work, folder: scene.folder };
  try {
    await loadOf(edge.port, { ...order, seconds: WARM_UP_SECONDS });
    const pid = edge.child.pid as number;
    const before = cpuTimeOfTree(pid);
    const load = loadOf(edge.port, { ...order, seconds: seconds + 1 });
    const record = ['record', '-q', '-e', 'cpu-clock', '-F', SAMPLES_PER_SECOND, '-p', String(pid), '-o', file];
    execFileSync(program, [...record, '--', 'sleep', String(seconds)], { stdio: 'ignore' });
    const { requests, requestsPerSecond } = await load;
    const after = cpuTimeOfTree(pid);
    const usARequest = ((after.user + after.system - before.user - before.system) * 1e6) / requests;
    const report = ['report', '-i', file, '--no-children', '--stdio', '--sort', 'symbol', '--percent-limit', '0.01'];
    // The names of compiled functions are in a file that the process leaves until it ends.
    return { symbols: readSymbols(execFileSync(program, report, REPORT)), usARequest, requestsPerSecond };
  } finally {
    await edge.end();
  }
}
