import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end } from '../rig/children.ts';
import type { BenchEndpoint } from '../rig/config.ts';
import { startOrigins } from '../rig/start-origins.ts';

/** Regional origins that can be killed, stopped and started again, and the ids of the POSTs that each executed. */
export class OriginFleet {
  readonly endpoints: readonly BenchEndpoint[];
  readonly #children: ChildProcess[];
  readonly #folder: string;

  private constructor(endpoints: readonly BenchEndpoint[], children: ChildProcess[], folder: string) {
    this.endpoints = endpoints;
    this.#children = children;
    this.#folder = folder;
  }

  static async start(clouds: readonly BenchEndpoint['cloud'][]): Promise<OriginFleet> {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-origins-'));
    const started = await Promise.all(clouds.map((_, i) => startOne(0, idsFile(folder, i))));
    const endpoints = clouds.map((cloud, i) => ({ cloud, port: (started[i] as Started).port }));
    return new OriginFleet(
      endpoints,
      started.map(({ child }) => child),
      folder,
    );
  }

  /** Positions of the endpoints on a cloud. */
  on(cloud: BenchEndpoint['cloud']): readonly number[] {
    return this.endpoints.flatMap((endpoint, i) => (endpoint.cloud === cloud ? [i] : []));
  }

  /** `SIGKILL`: it is gone with all its connections. `SIGSTOP`: it accepts and never answers, until `SIGCONT`. */
  signal(i: number, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#children[i]?.kill(signal);
  }

  /** Starts an origin again that has ended, at its old port. */
  async restart(i: number): Promise<void> {
    await end(this.#children[i] as ChildProcess);
    const { port } = this.endpoints[i] as BenchEndpoint;
    this.#children[i] = (await startOne(port, idsFile(this.#folder, i))).child;
  }

  /** Every execution of a POST at any of the origins, by its id. */
  executed(): readonly string[] {
    return this.endpoints.flatMap((_, i) => readIds(idsFile(this.#folder, i)));
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.map((child) => end(child)));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Origins take this long to answer, so that some requests are always under way when one fails. */
const DELAY_MS = 20;

type Started = { readonly child: ChildProcess; readonly port: number };

async function startOne(port: number, ids: string): Promise<Started> {
  const { child, ports } = await startOrigins([port], { args: ['--ids', ids, '--delay', String(DELAY_MS)] });
  return { child, port: ports[0] as number };
}

function idsFile(folder: string, i: number): string {
  return join(folder, `ids-${i}`);
}

function readIds(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
