import { setTimeout as sleep } from 'node:timers/promises';
import { configOf, inTurn } from '../rig/config.ts';
import { startEdge } from '../rig/edge.ts';
import { cpuSeconds, residentBytes } from '../rig/proc.ts';

const MIB = 1024 * 1024;
/** After this long, what a start leaves to be done has been done. */
const SETTLE_MS = 5000;

export type Footprint = {
  readonly threads: number;
  /** From the start of the process to the line that says that it serves, as far as others let it. */
  readonly readyMs: number;
  /** CPU time until then: what it takes whatever else runs. */
  readonly readyCpuMs: number;
  readonly residentMib: number;
  /** Share of a core while there is nothing to do, in per cent. */
  readonly idlePercent: number;
};

/** What an edge with so many threads takes to start, and to be there. `main` is the command line, compiled or not. */
export async function footprintOf(
  threads: number,
  at: { readonly main: URL; readonly ports: readonly number[]; readonly idleSeconds: number },
): Promise<Footprint> {
  const startMs = performance.now();
  const yaml = configOf(inTurn(at.ports), '', `, workers: ${threads}`);
  const edge = await startEdge(yaml, undefined, {}, at.main);
  try {
    const pid = edge.child.pid as number;
    const readyMs = performance.now() - startMs;
    const readyCpuMs = cpuSeconds(pid) * 1000;
    await sleep(SETTLE_MS);
    const before = cpuSeconds(pid);
    await sleep(at.idleSeconds * 1000);
    const idlePercent = ((cpuSeconds(pid) - before) / at.idleSeconds) * 100;
    return { threads, readyMs, readyCpuMs, residentMib: residentBytes(pid).now / MIB, idlePercent };
  } finally {
    await edge.end();
  }
}
