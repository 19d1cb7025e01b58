import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../test/support/free-ports.ts';
import { end } from '../rig/children.ts';
import { configOf, inTurn } from '../rig/config.ts';
import { type EdgeProcess, startEdge } from '../rig/edge.ts';
import { residentBytes } from '../rig/proc.ts';
import { startOrigins } from '../rig/start-origins.ts';
import { COLLECT_SIGNAL } from './collect-signal.ts';

/** The two engines, as the switch in the file names them. */
export const ENGINES = ['on', 'off'] as const;
export type Engine = (typeof ENGINES)[number];

const ENDPOINTS = 9;
const CONNECTIONS_MAX = 50_000;

/** Goes into an edge by `--import`. */
export const COLLECTOR = new URL('./collector.ts', import.meta.url);
/** More than a collection takes, and after it the pages that it freed go back. */
const COLLECTING_MS = 1500;
const COLLECTIONS = 3;

/** Resident memory when what nobody needs has been collected, so that what is left belongs to somebody. In bytes. */
export async function keptBytes(pid: number): Promise<number> {
  for (let i = 0; i < COLLECTIONS; i += 1) {
    process.kill(pid, COLLECT_SIGNAL);
    await sleep(COLLECTING_MS);
  }
  return residentBytes(pid).now;
}

/** Runs something with one edge thread and nine origins of its own; nothing of either is left afterwards. */
export async function withEdge<T>(
  engine: Engine,
  run: (edge: EdgeProcess & { pid: number }) => Promise<T>,
): Promise<T> {
  const { child: origin, ports } = await startOrigins(ENDPOINTS, { core: 0 });
  try {
    const log = 'log: { level: warn, access: false }';
    const how = `, workers: 1, accelerator: ${engine}, connections: ${CONNECTIONS_MAX}`;
    // Thousands of clients leave a port each behind for a while: one that the system chooses may be among them.
    const listen = `"127.0.0.1:${await freePorts(1)}"`;
    const yaml = configOf(inTurn(ports), log, how).replace('"127.0.0.1:0"', listen);
    const edge = await startEdge(yaml, 1, { NODE_OPTIONS: `--import=${COLLECTOR.href}` });
    try {
      return await run({ ...edge, pid: edge.child.pid as number });
    } finally {
      await edge.end();
    }
  } finally {
    await end(origin);
  }
}
