import { endEarly, startEarly } from '../compose/edge-stock.ts';
import { edgeThreadCount } from '../compose/port.ts';
import type { Meridian } from '../compose.ts';
import type { Topology } from '../config/topology.ts';
import { EXIT, parsed } from './usage.ts';

/** Runs the proxy until it is told to end: SIGTERM or SIGINT drain, a second one forces, SIGHUP reloads. */
export async function start(args: string[]): Promise<number> {
  const { values } = parsed({ args, options: { config: { type: 'string', short: 'c' } } });
  const { topology, meridian } = await begin(values.config);
  const ended = Promise.withResolvers<number>();
  const stop = () => void meridian.stop().then(() => ended.resolve(EXIT.fine), ended.reject);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => void meridian.reload());
  const { edge, admin } = meridian;
  process.stderr.write(
    `meridian: serving ${address(edge)} (edge ${topology.edge.id}), admin on ${address(admin)}, from ${topology.file}\n`,
  );
  return ended.promise;
}

/**
 * Reads the file and starts what it says. Edge threads load side by side with this one: the first before the file is read, since
 * there is always one, the others as soon as it says how many.
 */
async function begin(file: string | undefined): Promise<{ topology: Topology; meridian: Meridian }> {
  startEarly(1);
  try {
    const { load } = await import('./load.ts');
    const topology = await load(file);
    startEarly(edgeThreadCount(topology.edge.workers) - 1);
    const { startMeridian } = await import('../compose.ts');
    return { topology, meridian: await startMeridian({ topology, env: process.env }) };
  } finally {
    await endEarly();
  }
}

function address({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
