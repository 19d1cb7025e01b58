import { findRegion } from '../config/cloud-regions.ts';
import type { Cloud } from '../config/topology-cloud.ts';
import { estimateRttMs } from '../geo/estimate.ts';

/** A region of the demo, and what it is away from the edge. */
export type DemoRegion = {
  /** `cloud/region`: how people, keys and commands call it. */
  readonly id: string;
  readonly cloud: Cloud;
  readonly region: string;
  /** The place that the provider names for it. */
  readonly place: string;
  /** Estimated round trip between the edge and it, in milliseconds. */
  readonly rttMs: number;
};

/** Where the edge of the demo stands. */
export const EDGE_REGION = { cloud: 'aws', region: 'us-east-1' } as const;

/** The demo's regions, two of each cloud. Region codes are unique, so that one alone names its region. */
export const DEMO_REGIONS: readonly DemoRegion[] = [
  demoRegion('aws', 'us-east-1'),
  demoRegion('aws', 'eu-central-1'),
  demoRegion('gcp', 'europe-west1'),
  demoRegion('gcp', 'asia-northeast1'),
  demoRegion('azure', 'japaneast'),
  demoRegion('azure', 'brazilsouth'),
];

/** A region by its cloud and code. Throws a RangeError for one that is not known: the list above is wrong then. */
export function demoRegion(cloud: Cloud, region: string): DemoRegion {
  const edge = findRegion(EDGE_REGION.cloud, EDGE_REGION.region);
  const found = findRegion(cloud, region);
  if (edge === undefined || found === undefined) throw new RangeError(`no region ${cloud}/${region} is known`);
  return { id: `${cloud}/${region}`, cloud, region, place: found.name, rttMs: estimateRttMs(edge.place, found.place) };
}
