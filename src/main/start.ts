import { startMeridian } from '../compose.ts';
import { load } from './load.ts';
import { EXIT, parsed } from './usage.ts';

/** Runs the proxy until it is told to end: SIGTERM or SIGINT drain, a second one forces, SIGHUP reloads. */
export async function start(args: string[]): Promise<number> {
  const { values } = parsed({ args, options: { config: { type: 'string', short: 'c' } } });
  const topology = await load(values.config);
  const meridian = await startMeridian({ topology, env: process.env });
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

function address({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
