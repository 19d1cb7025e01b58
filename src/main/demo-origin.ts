import { findRegion } from '../config/cloud-regions.ts';
import type { OriginCommand } from '../demo/command.ts';
import { Origin } from '../demo/origin.ts';
import { EXIT } from './usage.ts';

/** Runs one origin until SIGTERM or SIGINT. */
export async function runOrigin({ cloud, region, host, port, delayMs }: OriginCommand): Promise<number> {
  const place = findRegion(cloud, region)?.name ?? region;
  const origin = new Origin({ cloud, region, place, host, port, delayMs });
  const ended = Promise.withResolvers<number>();
  const end = () => void origin.kill().then(() => ended.resolve(EXIT.fine), ended.reject);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  await origin.revive();
  process.stderr.write(
    `meridian: origin ${cloud}/${region} on ${host.includes(':') ? `[${host}]` : host}:${origin.port}\n`,
  );
  return ended.promise;
}
