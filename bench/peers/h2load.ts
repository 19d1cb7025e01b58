import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Loaded } from '../edge/autocannon.ts';
import { startProgram } from '../rig/children.ts';

export type H2Load = {
  readonly program: string;
  /** Where it leaves its log. */
  readonly folder: string;
  readonly url: string;
  readonly connections: number;
  /** Requests that each connection has under way at once. */
  readonly streams: number;
  readonly seconds: number;
  readonly core: number;
  /** What is posted, a file, and fields that each request has beside; without it a GET. */
  readonly post?: { readonly file: string; readonly fields: readonly string[] };
};

/** Runs h2load (of nghttp2) with one thread as a process of its own. */
export async function h2load({ program, folder, url, seconds, core, post, ...load }: H2Load): Promise<Loaded> {
  const log = join(folder, 'h2load.log');
  rmSync(log, { force: true });
  const [connections, streams] = [`-c${load.connections}`, `-m${load.streams}`];
  const posted = post === undefined ? [] : ['-d', post.file, ...post.fields.flatMap((field) => ['-H', field])];
  const args = ['-t1', connections, streams, `-D${seconds}`, `--log-file=${log}`, ...posted, url];
  const child = startProgram({ program, args, core, output: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`h2load ended with ${String(code)}: ${output}`);
  return readH2load(readFileSync(log, 'latin1'), seconds);
}

/** Reads the log of h2load: a line for each request, with when it began, its status and how long it took, in microseconds. */
export function readH2load(log: string, seconds: number): Loaded {
  const tookUs: number[] = [];
  let bad = 0;
  for (const line of log.split('\n')) {
    const [, status, us] = line.split('\t');
    if (us === undefined) continue;
    tookUs.push(Number(us));
    if (!(status as string).startsWith('2')) bad += 1;
  }
  if (tookUs.length === 0) throw new Error('h2load has logged no request');
  tookUs.sort((a, b) => a - b);
  const at = (share: number): number => (tookUs[Math.floor((tookUs.length - 1) * share)] as number) / 1000;
  const requests = tookUs.length;
  return { requests, requestsPerSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999), bad };
}
