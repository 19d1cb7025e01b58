import { findRegion } from '../../src/config/cloud-regions.ts';
import type { Place } from '../../src/config/topology.ts';
import { CLOUDS, type Cloud } from '../../src/config/topology-cloud.ts';
import { CONTINENTS, clientSites, type Site, wakefulness } from './clients.ts';
import { Distances } from './distances.ts';

/** Mean time that a server works on a request. */
export const SERVICE_MS = 30;
/** Standard deviation of its logarithm. */
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
};

export type MapSpec = {
  readonly seed: number;
  /** Requests that may wait at an endpoint, over its servers. */
  readonly queue: number;
  readonly endpoints: 9 | 18;
  readonly edges: 1 | 6;
  /** Requests a second of all clients in the world's busiest hour. */
  readonly peakRate: number;
};

/** What does not change while a world runs: who is where, how far apart, and how large. */
export type WorldMap = {
  readonly spec: MapSpec;
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

const EDGES: readonly (readonly [id: string, region: string, store: string])[] = [
  ['fra', 'eu-central-1', 'eu'],
  ['iad', 'us-east-1', 'us'],
  ['bom', 'ap-south-1', 'ap'],
  ['sin', 'ap-southeast-1', 'ap'],
  ['nrt', 'ap-northeast-1', 'ap'],
  ['gru', 'sa-east-1', 'us'],
];

/** Where the store of each fleet region stands. */
const STORES: Readonly<Record<string, string>> = { eu: 'eu-central-1', us: 'us-east-1', ap: 'ap-southeast-1' };

const NINE: Readonly<Record<Cloud, readonly string[]>> = {
  aws: ['us-east-1', 'eu-central-1', 'ap-northeast-1'],
  gcp: ['us-west1', 'asia-south1', 'asia-southeast1'],
  azure: ['westeurope', 'eastasia', 'centralindia'],
};
const NINE_MORE: Readonly<Record<Cloud, readonly string[]>> = {
  aws: ['ap-south-1', 'sa-east-1', 'ap-southeast-1'],
  gcp: ['us-central1', 'europe-west2', 'asia-northeast1'],
  azure: ['eastus2', 'japaneast', 'southafricanorth'],
};

export function worldMap(spec: MapSpec): WorldMap {
  const distances = new Distances(spec.seed);
  const edges = EDGES.slice(0, spec.edges).map(([id, region, store]) => ({
    id,
    region: `aws/${region}`,
    place: placeOf('aws', region),
    store,
  }));
  const servers = Math.round((CAPACITY_OVER_PEAK * spec.peakRate * SERVICE_MS) / 1000 / spec.endpoints);
  const endpoints = CLOUDS.flatMap((cloud) => {
    const regions = spec.endpoints === 9 ? NINE[cloud] : [...NINE[cloud], ...NINE_MORE[cloud]];
    return regions.map((region) => endpointAt(cloud, region, servers));
  });
  const sites = clientSites();
  const edgeOf = Uint8Array.from(sites, ({ place }) => nearest(edges, place, distances));
  const edgeMs = Float64Array.from(
    edges.flatMap((edge) => endpoints.map((endpoint) => distances.rttMs(edge.place, endpoint.place))),
  );
  const storeMs = new Map(
    edges.flatMap((edge) =>
      Object.entries(STORES).map(
        ([store, region]) => [`${edge.id} ${store}`, distances.rttMs(edge.place, placeOf('aws', region))] as const,
      ),
    ),
  );
  const capacityRate = (servers * endpoints.length * 1000) / SERVICE_MS;
  return { spec, edges, endpoints, sites, edgeOf, edgeMs, storeMs, peakHour: peakHour(sites), capacityRate };
}

/** The part of the rate of the busiest hour that comes from each site at an hour; over all sites 1 in that hour. */
export function demandAt(map: WorldMap, utcHour: number): Float64Array {
  const most = demandOf(map.sites, map.peakHour);
  return Float64Array.from(map.sites, ({ place, weight }) => (weight * wakefulness(place.longitude, utcHour)) / most);
}

export const STORE_NAMES: readonly string[] = Object.keys(STORES);

function endpointAt(cloud: Cloud, region: string, servers: number): EndpointSite {
  const place = placeOf(cloud, region);
  const continent = CONTINENTS.get(place.country);
  if (continent === undefined) throw new Error(`data/countries.csv has no ${place.country}`);
  return { cloud, region, place, continent, servers };
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
