import { cannon, type Loaded } from '../edge/autocannon.ts';
import { coreSeconds, cpuTimeOfTree, forgetPeak, residentBytesOfTree } from '../rig/proc.ts';
import { h2load } from './h2load.ts';
import { findProgram, type Running } from './program.ts';
import { LOAD_CORE, PROXY_CORE } from './scene.ts';
import type { Work } from './works.ts';
import { SUITE, wrk } from './wrk.ts';

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;

/** One measurement of one proxy with one work. Times are of all its processes, as the kernel counts them. */
export type Measured = Loaded & {
  readonly userUs: number;
  readonly systemUs: number;
  /** Share of the measured time that the proxy was running: 1 is a core that never rested. */
  readonly busy: number;
  /** Share of that time that others took of its core: 0 on a quiet machine, and what makes figures doubtful. */
  readonly others: number;
  readonly peakBytes: number;
};

/** What is to be asked of a proxy, how long, and where the load may leave a file. */
export type Order = { readonly work: Work; readonly seconds: number; readonly folder: string };

/** The load is wrk where it is installed: it costs a third of what autocannon does, and counts microseconds. */
export const WRK = findProgram('wrk');

export function measure(running: Running, order: Order): Promise<Measured> {
  return measureBy(running, order.seconds, (seconds) => loadOf(running.port, { ...order, seconds }));
}

/** The same by any load that runs for so many seconds; it is run twice, since the first time does not count. */
export async function measureBy(
  running: Running,
  seconds: number,
  load: (seconds: number) => Promise<Loaded>,
): Promise<Measured> {
  await load(WARM_UP_SECONDS);
  forgetPeak(running.pid);
  const [before, coreBefore] = [cpuTimeOfTree(running.pid), coreSeconds(PROXY_CORE)];
  const loaded = await load(seconds);
  const [after, coreAfter] = [cpuTimeOfTree(running.pid), coreSeconds(PROXY_CORE)];
  const [user, system] = [after.user - before.user, after.system - before.system];
  const tookSeconds = loaded.requests / loaded.requestsPerSecond;
  return {
    ...loaded,
    userUs: (user * 1e6) / loaded.requests,
    systemUs: (system * 1e6) / loaded.requests,
    busy: (user + system) / tookSeconds,
    others: Math.max(0, coreAfter - coreBefore - user - system) / tookSeconds,
    peakBytes: residentBytesOfTree(running.pid).most,
  };
}

/** The load by HTTP/2, where it is installed. */
export const H2LOAD = findProgram('h2load');

export const H2_MANY = { connections: 8, streams: 16 } as const;

/** Runs the load once. */
export function loadOf(port: number, { work, seconds, folder }: Order): Promise<Loaded> {
  if (work.http2 === true && H2LOAD !== undefined) {
    const url = `https://127.0.0.1:${port}${work.path}`;
    return h2load({ program: H2LOAD, folder, url, seconds, core: LOAD_CORE, ...H2_MANY });
  }
  const post = work.postBytes === undefined ? {} : { postBytes: work.postBytes };
  const common = { ...post, connections: CONNECTIONS, seconds, core: LOAD_CORE };
  if (WRK === undefined) return cannon({ ...common, port, path: work.path, ...(work.tls ? { suite: SUITE } : {}) });
  const url = `${work.tls ? 'https' : 'http'}://127.0.0.1:${port}${work.path}`;
  return wrk({ ...common, program: WRK, folder, url });
}
