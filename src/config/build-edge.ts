import { buildConnectionLimit } from './build-limits.ts';
import { buildListeners } from './build-listeners.ts';
import type { CloudMap } from './cloud-map.ts';
import type { Document } from './schema.ts';
import { EDGE } from './schema-edge.ts';
import { DEFAULT_NAME, givenName } from './system-name.ts';
import type { EdgeSettings, Place, Service } from './topology.ts';
import type { Cloud } from './topology-cloud.ts';
import { complete } from './zod-schema.ts';

/** An edge of which nothing is known stands where the first endpoint does: a start, and right for a single region. */
export function buildEdge(
  given: Document['edge'],
  services: readonly Service[],
  clouds: Pick<CloudMap, 'place'>,
): EdgeSettings {
  const edge = complete(EDGE, given);
  const [cloud, region] = edge.region?.split('/') ?? [];
  return {
    ...(edge.id === undefined ? DEFAULT_NAME : givenName(edge.id)),
    place: edgePlace({ cloud, region, place: edge.place, services, clouds }),
    placed: isPlaced(given),
    cloud,
    region,
    listeners: buildListeners(edge, edge.listen),
    workers: edge.workers,
    trustProxies: edge.trust_proxies,
    drainMs: edge.drain,
    lameDuckMs: edge.lame_duck,
    healthPath: edge.health_path ?? '',
    connectionsMax: edge.connections,
    connectionLimit: buildConnectionLimit(edge.per_client),
    handshakesMax: edge.handshakes,
    handshakeMs: edge.handshake_timeout,
    keepAliveMs: edge.keep_alive,
    headMs: edge.head_timeout,
    accelerator: edge.accelerator === 'on',
    decisionHeaders: edge.decision_headers,
  };
}

/** Whether the file says where the edge stands. */
export function isPlaced(edge: Document['edge']): boolean {
  return edge?.region !== undefined || (edge?.place?.lat !== undefined && edge.place.lon !== undefined);
}

type Where = {
  readonly cloud: Cloud | undefined;
  readonly region: string | undefined;
  readonly place: { readonly lat?: number; readonly lon?: number } | undefined;
  readonly services: readonly Service[];
  readonly clouds: Pick<CloudMap, 'place'>;
};

function edgePlace({ cloud, region, place, services, clouds }: Where): Place {
  const known = cloud === undefined || region === undefined ? undefined : clouds.place(cloud, region);
  if (place?.lat !== undefined && place.lon !== undefined) {
    return { latitude: place.lat, longitude: place.lon, country: known?.country ?? '' };
  }
  return (
    known ??
    services.find(({ endpoints }) => endpoints.length > 0)?.endpoints[0]?.place ?? {
      latitude: 0,
      longitude: 0,
      country: '',
    }
  );
}
