import { findRegion } from '../../src/config/cloud-regions.ts';
import type { Place } from '../../src/config/topology.ts';
import { CLOUDS, type Cloud } from '../../src/config/topology-cloud.ts';
import { CONTINENTS, clientSites, type Site, wakefulness } from './clients.ts';
import { Distances } from './distances.ts';
import { LAYOUTS, type Layout, type LayoutName, PER_CLOUD } from './layouts.ts';

/** Standard deviation of the logarithm of the time that a server works on a request. */
export const SERVICE_SIGMA = 0.5;
/** What all servers together can do, over the rate of the world's busiest hour. */
export const CAPACITY_OVER_PEAK = 1.3;

export type EdgeSite = { readonly id: string; readonly region: string; readonly place: Place; readonly store: string };
export type EndpointSite = {
  readonly cloud: Cloud;
  readonly region: string;
  readonly place: Place;
  readonly continent: string;
  readonly servers: number;
  /** Requests in flight that it is built for, as an operator who is right would declare. */
  readonly capacity: number;
};

export type MapSpec = {
  readonly seed: number;
  readonly layout: LayoutName;
  /** Requests that may wait at an endpoint, over its servers. */
  readonly queue: number;
  /** The capacity of an endpoint over its servers: what is under way on the wire and what may wait counts too. */
  readonly declared: number;
  readonly endpoints: 9 | 18;
  readonly edges: 1 | 6;
  /** Requests a second of all clients in the world's busiest hour. */
  readonly peakRate: number;
};

/** What does not change while a world runs: who is where, how far apart, and how large. */
export type WorldMap = {
  readonly spec: MapSpec;
  readonly layout: Layout;
  readonly edges: readonly EdgeSite[];
  readonly endpoints: readonly EndpointSite[];
  readonly sites: readonly Site[];
  /** The edge that each site enters at: the nearest. */
  readonly edgeOf: Uint8Array;
  /** True round trips from each edge to each endpoint, edge by edge. */
  readonly edgeMs: Float64Array;
  /** From each edge to the store of each fleet region. */
  readonly storeMs: ReadonlyMap<string, number>;
  /** The hour of UTC in which the most requests come. */
  readonly peakHour: number;
  /** Requests a second that all servers together can answer. */
  readonly capacityRate: number;
};

export function worldMap(spec: MapSpec): WorldMap {
  const distances = new Distances(spec.seed);
  const layout = LAYOUTS[spec.layout];
  const edges = layout.edges.slice(0, spec.edges).map(([id, region, store]) => ({
    id,
    region: `aws/${region}`,
    place: placeOf('aws', region),
    store,
  }));
  const endpoints = endpointsOf(layout, spec);
  const sites = clientSites();
  const edgeOf = Uint8Array.from(sites, ({ place }) => nearest(edges, place, distances));
  const edgeMs = Float64Array.from(
    edges.flatMap((edge) => endpoints.map((endpoint) => distances.rttMs(edge.place, endpoint.place))),
  );
  const storeMs = new Map(
    edges.flatMap((edge) =>
      Object.entries(layout.stores).map(
        ([store, region]) => [`${edge.id} ${store}`, distances.rttMs(edge.place, placeOf('aws', region))] as const,
      ),
    ),
  );
  const servers = endpoints.reduce((sum, endpoint) => sum + endpoint.servers, 0);
  const capacityRate = (servers * 1000) / layout.serviceMs;
  return { spec, layout, edges, endpoints, sites, edgeOf, edgeMs, storeMs, peakHour: peakHour(sites), capacityRate };
}

/** The part of the rate of the busiest hour that comes from each site at an hour; over all sites 1 in that hour. */
export function demandAt(map: WorldMap, utcHour: number): Float64Array {
  const most = demandOf(map.sites, map.peakHour);
  return Float64Array.from(map.sites, ({ place, weight }) => (weight * wakefulness(place.longitude, utcHour)) / most);
}

/** The fleet regions of every layout. */
export const STORE_NAMES: readonly string[] = Object.keys(LAYOUTS.first.stores);

function endpointsOf({ endpoints, sizes, serviceMs }: Layout, spec: MapSpec): readonly EndpointSite[] {
  const all = CLOUDS.flatMap((cloud) => {
    const regions = spec.endpoints === 9 ? endpoints[cloud].slice(0, PER_CLOUD) : endpoints[cloud];
    return regions.map((region) => ({ cloud, region, place: placeOf(cloud, region) }));
  });
  const sizeOf = (at: number) => sizes[at % sizes.length] as number;
  const size = all.reduce((sum, _, at) => sum + sizeOf(at), 0);
  const servers = (CAPACITY_OVER_PEAK * spec.peakRate * serviceMs) / 1000;
  return all.map((one, at) => {
    const continent = CONTINENTS.get(one.place.country);
    if (continent === undefined) throw new Error(`data/countries.csv has no ${one.place.country}`);
    const own = Math.max(1, Math.round((servers * sizeOf(at)) / size));
    return { ...one, continent, servers: own, capacity: own * spec.declared };
  });
}

function placeOf(cloud: Cloud, region: string): Place {
  const found = findRegion(cloud, region);
  if (found === undefined) throw new Error(`no region ${cloud}/${region}`);
  return found.place;
}

function nearest(edges: readonly EdgeSite[], place: Place, distances: Distances): number {
  const ms = edges.map((edge) => distances.rttMs(place, edge.place));
  return ms.indexOf(Math.min(...ms));
}

function peakHour(sites: readonly Site[]): number {
  const rates = Array.from({ length: 24 }, (_, hour) => demandOf(sites, hour));
  return rates.indexOf(Math.max(...rates));
}

function demandOf(sites: readonly Site[], utcHour: number): number {
  return sites.reduce((sum, { place, weight }) => sum + weight * wakefulness(place.longitude, utcHour), 0);
}
