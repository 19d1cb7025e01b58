import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { start } from '../rig/children.ts';

export type Load = {
  readonly port: number;
  readonly path: string;
  /** Bytes of the body of a POST; a GET without. */
  readonly postBytes?: number;
  readonly connections: number;
  readonly seconds: number;
  readonly core?: number;
  /** Over TLS 1.3 with this suite alone; the certificate is not looked at. */
  readonly suite?: string;
};

export type Loaded = {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Answers that were not 2xx, errors and timeouts. */
  readonly bad: number;
};

/** What `autocannon --json` prints, as far as it is read here. */
type Report = {
  readonly requests: { readonly total: number };
  readonly duration: number;
  readonly latency: { readonly p50: number; readonly p99: number; readonly p99_9: number };
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
};

/** Runs autocannon as a process of its own. */
export async function cannon(load: Load): Promise<Loaded> {
  const post = load.postBytes === undefined ? [] : ['-m', 'POST', '-b', 'x'.repeat(load.postBytes)];
  const child = start({
    script: pathToFileURL(createRequire(import.meta.url).resolve('autocannon/autocannon.js')),
    args: [
      '-c',
      String(load.connections),
      '-d',
      String(load.seconds),
      '--json',
      '--no-progress',
      ...post,
      `${load.suite === undefined ? 'http' : 'https'}://127.0.0.1:${load.port}${load.path}`,
    ],
    output: 'pipe',
    env: load.suite === undefined ? {} : { NODE_OPTIONS: `--tls-cipher-list=${load.suite} --tls-min-v1.3` },
    ...(load.core === undefined ? {} : { core: load.core }),
  });
  let [out, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0 || out === '') throw new Error(`autocannon ended with ${String(code)}: ${errors}`);
  const { requests, duration, latency, non2xx, errors: failed, timeouts } = JSON.parse(out) as Report;
  return {
    requests: requests.total,
    requestsPerSecond: requests.total / duration,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    p999Ms: latency.p99_9,
    bad: non2xx + failed + timeouts,
  };
}
