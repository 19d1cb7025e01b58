import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Loaded } from '../edge/autocannon.ts';
import { startProgram } from '../rig/children.ts';

export type WrkLoad = {
  readonly program: string;
  /** Where its script goes. */
  readonly folder: string;
  readonly url: string;
  readonly postBytes?: number;
  readonly connections: number;
  readonly seconds: number;
  readonly core: number;
};

/** The one suite that the load offers, which every proxy then has to take. */
export const SUITE = 'TLS_AES_128_GCM_SHA256';

/** wrk has no option for it, but OpenSSL has a file. */
const OPENSSL_TEXT = `openssl_conf = begin
[begin]
ssl_conf = ssl
[ssl]
system_default = client
[client]
MinProtocol = TLSv1.3
Ciphersuites = ${SUITE}
`;

/** Runs wrk with one thread as a process of its own. */
export async function wrk(load: WrkLoad): Promise<Loaded> {
  const [script, openssl] = [join(load.folder, 'wrk.lua'), join(load.folder, 'openssl.cnf')];
  writeFileSync(script, luaText(load.postBytes));
  writeFileSync(openssl, OPENSSL_TEXT);
  const [connections, duration] = [`-c${load.connections}`, `-d${load.seconds}s`];
  const child = startProgram({
    program: load.program,
    args: ['-t1', connections, duration, '-s', script, load.url],
    core: load.core,
    env: { OPENSSL_CONF: openssl },
    output: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`wrk ended with ${String(code)}: ${output}`);
  return readWrk(output);
}

/** What wrk is to send, and to print when it is done: one line of JSON, instead of its prose with rounded figures. */
export function luaText(postBytes?: number): string {
  const post = `wrk.method = "POST"\nwrk.body = string.rep("x", ${postBytes})\n`;
  return `${postBytes === undefined ? '' : post}done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"us":%d,"bad":%d,"p50":%d,"p99":%d,"p999":%d}\\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
`;
}

/** Reads the line of `luaText` from the output of wrk. Throws where there is none. */
export function readWrk(output: string): Loaded {
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`wrk printed no figures:\n${output}`);
  const { requests, us, bad, p50, p99, p999 } = JSON.parse(line) as WrkFigures;
  const [p50Ms, p99Ms, p999Ms] = [p50 / 1000, p99 / 1000, p999 / 1000];
  return { requests, requestsPerSecond: (requests * 1e6) / us, p50Ms, p99Ms, p999Ms, bad };
}

type WrkFigures = {
  readonly requests: number;
  readonly us: number;
  readonly bad: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
};
