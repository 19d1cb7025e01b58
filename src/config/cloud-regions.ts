import { AWS_REGIONS, AZURE_REGIONS, GCP_REGIONS } from './cloud-region-data.ts';
import type { Place } from './topology.ts';
import { CLOUDS, type Cloud } from './topology-cloud.ts';

/** A region that a cloud names, and where it is to city accuracy. */
export type CloudRegion = {
  readonly cloud: Cloud;
  readonly region: string;
  /** The place that the provider names for it. */
  readonly name: string;
  readonly place: Place;
  /** China, government and sovereign partitions are separate from the public one and share no network with it. */
  readonly partition: string;
  /** `restricted` regions take only customers of their pair; `listed-in-sdk` ones may not have opened yet. */
  readonly status: 'ga' | 'restricted' | 'listed-in-sdk';
};

/** Every known region: 41 of AWS, 43 of GCP, 69 of Azure. */
export const CLOUD_REGIONS: readonly CloudRegion[] = [
  ...parseRegions('aws', AWS_REGIONS),
  ...parseRegions('gcp', GCP_REGIONS),
  ...parseRegions('azure', AZURE_REGIONS),
];

const BY_CLOUD: ReadonlyMap<Cloud, ReadonlyMap<string, CloudRegion>> = new Map(
  CLOUDS.map((cloud) => [
    cloud,
    new Map(CLOUD_REGIONS.filter((known) => known.cloud === cloud).map((known) => [known.region, known])),
  ]),
);

/** The region of that code in that cloud, or undefined. Codes are compared as they are: lower case, no spaces. */
export function findRegion(cloud: Cloud, region: string): CloudRegion | undefined {
  return BY_CLOUD.get(cloud)?.get(region);
}

function parseRegions(cloud: Cloud, text: string): readonly CloudRegion[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [region = '', name = '', latitude, longitude, country = '', partition = '', status] = line.split('|');
      const place = Object.freeze({ latitude: Number(latitude), longitude: Number(longitude), country });
      return Object.freeze({
        cloud,
        region,
        name,
        place,
        partition: partition === '' ? cloud : partition,
        status: toStatus(status),
      });
    });
}

function toStatus(text: string | undefined): CloudRegion['status'] {
  return text === 'restricted' || text === 'listed-in-sdk' ? text : 'ga';
}
