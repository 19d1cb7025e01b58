import { end, firstMessage, start } from '../rig/children.ts';
import { configOf, inTurn } from '../rig/config.ts';
import { type EdgeProcess, startEdge } from '../rig/edge.ts';

/** The two engines, as the switch in the file names them. */
export const ENGINES = ['on', 'off'] as const;
export type Engine = (typeof ENGINES)[number];

const ENDPOINTS = 9;
const CONNECTIONS_MAX = 50_000;

/** Runs something with one edge thread and nine origins of its own; nothing of either is left afterwards. */
export async function withEdge<T>(
  engine: Engine,
  run: (edge: EdgeProcess & { pid: number }) => Promise<T>,
): Promise<T> {
  const script = new URL('../rig/origin.ts', import.meta.url);
  const origin = start({ script, args: ['--ports', '0,'.repeat(ENDPOINTS).slice(0, -1)], core: 0, ipc: true });
  try {
    const ports = await firstMessage<number[]>(origin);
    const log = 'log: { level: warn, access: false }';
    const how = `, workers: 1, accelerator: ${engine}, connections: ${CONNECTIONS_MAX}`;
    const edge = await startEdge(configOf(inTurn(ports), log, how), 1);
    try {
      return await run({ ...edge, pid: edge.child.pid as number });
    } finally {
      await edge.end();
    }
  } finally {
    await end(origin);
  }
}
