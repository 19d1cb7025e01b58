import type { Document } from './schema.ts';
import { FLEET, FLEET_VALUES } from './schema-fleet.ts';
import type { EdgeSettings } from './topology.ts';
import type { FleetSettings } from './topology-fleet.ts';
import { complete } from './zod-schema.ts';

/** What is shared with other edges, with every default filled in; undefined without the block. */
export function buildFleet(given: Document['fleet'], edge: EdgeSettings): FleetSettings | undefined {
  if (given === undefined) return undefined;
  const { store, path, region, regions, prefix, merge, consistency, values, ...times } = complete(FLEET, given);
  const { keys, bytes, rate, tombstones } = complete(FLEET_VALUES, values);
  return {
    store,
    path,
    region: region ?? (store === 'redis' ? edge.region : ownPlace(edge)) ?? LOCAL,
    regions: Object.entries(regions ?? {}).map(([name, { url = '', ca }]) => ({ name, url, ca })),
    prefix,
    commandMs: times.command_timeout,
    replicateMs: times.replicate_timeout,
    reportMs: times.report,
    forgetMs: times.forget,
    edges: times.edges ?? Math.max(1, Object.keys(regions ?? {}).length),
    compareMs: times.compare,
    values: {
      merges: merge ?? {},
      consistency: consistency ?? {},
      keysMax: keys,
      bytesMax: bytes,
      writesPerSecondMax: rate,
      tombstoneMs: tombstones,
    },
  };
}

const LOCAL = 'local';

function ownPlace({ cloud, region }: EdgeSettings): string | undefined {
  return cloud === undefined || region === undefined ? undefined : `${cloud}/${region}`;
}
