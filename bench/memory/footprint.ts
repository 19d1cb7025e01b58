import { setTimeout as sleep } from 'node:timers/promises';
import { loadOf } from '../peers/measure.ts';
import { WORKS, type Work } from '../peers/works.ts';
import { configOf, inTurn } from '../rig/config.ts';
import { startEdge } from '../rig/edge.ts';
import { cpuSeconds, fineCpuSeconds, residentBytes } from '../rig/proc.ts';
import { temporaryFolder } from '../rig/temporary-folder.ts';

const MIB = 1024 * 1024;
/** What a start leaves to be done (the first checks, code that is still compiled) is in the first seconds after the line that it serves. */
const FIRST_SECONDS = 10;
/** After this long without requests, what they left is what stays. */
const REST_SECONDS = 10;
/** The load comes in pieces of so many seconds. */
const LOAD_SECONDS = 5;

export type Footprint = {
  readonly threads: number;
  /** From the start of the process to the line that says that it serves, as far as others let it. */
  readonly readyMs: number;
  /** CPU time until then: what it takes whatever else runs. */
  readonly readyCpuMs: number;
  readonly residentMib: number;
  /** Share of a core while there is nothing to do, in per cent: in the ten seconds after it was ready, and after those. */
  readonly firstPercent: number;
  readonly idlePercent: number | undefined;
  /** After the requests, when there were any: at once, and when nothing has come for a while. */
  readonly afterMib: number | undefined;
  readonly laterMib: number | undefined;
};

/**
 * What an edge with so many threads takes to start, to be there, and to have carried so many requests. `main` is the command line,
 * compiled or not.
 */
export async function footprintOf(
  threads: number,
  at: {
    readonly main: URL;
    readonly env: Readonly<Record<string, string>>;
    readonly ports: readonly number[];
    readonly idleSeconds: number;
    readonly requests: number;
    /** What stands in the block `edge` beside the threads, such as `, tls: { … }`. */
    readonly edge?: string;
  },
): Promise<Footprint> {
  const startMs = performance.now();
  // A line for each of a million requests would fill the disk, not the memory.
  const log = at.requests > 0 ? 'log: { level: warn, access: false }' : '';
  const yaml = configOf(inTurn(at.ports), log, `, workers: ${threads}${at.edge ?? ''}`);
  const edge = await startEdge(yaml, undefined, at.env, at.main);
  try {
    const pid = edge.child.pid as number;
    const readyMs = performance.now() - startMs;
    const readyCpuMs = cpuSeconds(pid) * 1000;
    const firstPercent = await percentOver(FIRST_SECONDS, pid);
    const idlePercent = at.idleSeconds > 0 ? await percentOver(at.idleSeconds, pid) : undefined;
    const residentMib = residentBytes(pid).now / MIB;
    if (at.requests > 0) await carry(edge.port, at.requests);
    const afterMib = at.requests > 0 ? residentBytes(pid).now / MIB : undefined;
    if (at.requests > 0) await sleep(REST_SECONDS * 1000);
    const laterMib = at.requests > 0 ? residentBytes(pid).now / MIB : undefined;
    return { threads, readyMs, readyCpuMs, residentMib, firstPercent, idlePercent, afterMib, laterMib };
  } finally {
    await edge.end();
  }
}

/** The share of a core that a process takes in so many seconds from now, in per cent. */
async function percentOver(seconds: number, pid: number): Promise<number> {
  const before = fineCpuSeconds(pid);
  await sleep(seconds * 1000);
  return ((fineCpuSeconds(pid) - before) / seconds) * 100;
}

/** At least so many requests of 100 bytes, by 32 connections. */
async function carry(port: number, requests: number): Promise<void> {
  const folder = temporaryFolder();
  const order = { work: WORKS[0] as Work, folder: folder.path, seconds: LOAD_SECONDS };
  try {
    for (let sent = 0; sent < requests; ) sent += (await loadOf(port, order)).requests;
  } finally {
    folder.remove();
  }
}
