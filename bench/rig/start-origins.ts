import type { ChildProcess } from 'node:child_process';
import { firstMessage, start } from './children.ts';

export type Origins = { readonly child: ChildProcess; readonly ports: readonly number[] };

export type OriginsOptions = {
  /** The core to run on, where the system can pin. */
  readonly core?: number;
  /** Options of rig/origin.ts beside `--ports`. */
  readonly args?: readonly string[];
};

/** Starts the rig's origin on these ports (0 is any), or on so many; resolves when it listens. Somebody has to `end` the child. */
export async function startOrigins(ports: number | readonly number[], options: OriginsOptions = {}): Promise<Origins> {
  const { args = [], ...how } = options;
  const wanted = typeof ports === 'number' ? new Array<number>(ports).fill(0) : ports;
  const script = new URL('./origin.ts', import.meta.url);
  const child = start({ ...how, script, args: ['--ports', wanted.join(','), ...args], ipc: true });
  return { child, ports: await firstMessage<number[]>(child) };
}
