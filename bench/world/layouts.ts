import type { KnownCloud } from '../../src/config/topology-cloud.ts';

/** Where edges, endpoints and stores are, and whom trouble comes to. */
export type Layout = {
  /** Regions of AWS, and the fleet region whose store is theirs. The first is the one edge for the world. */
  readonly edges: readonly (readonly [id: string, region: string, store: string])[];
  /** Where the store of each fleet region stands, a region of AWS. */
  readonly stores: Readonly<Record<string, string>>;
  /** By cloud: the first `perCloud` are in the small world, all in the large one. */
  readonly endpoints: Readonly<Record<KnownCloud, readonly string[]>>;
  /** How large endpoints are beside each other, in the order in which they come; begun again when it ends. */
  readonly sizes: readonly number[];
  /** Mean time that a server works on a request. */
  readonly serviceMs: number;
  /** Whether checks wait behind requests, as they do where a server does one thing at a time. Otherwise whoever listens answers them. */
  readonly checksWait: boolean;
  readonly trouble: { readonly cloud: KnownCloud; readonly region: string };
};

/** Endpoints of each cloud in the small world. */
export const PER_CLOUD = 3;

/** Endpoints all alike, half of them where most clients are. */
const FIRST: Layout = {
  edges: [
    ['fra', 'eu-central-1', 'eu'],
    ['iad', 'us-east-1', 'us'],
    ['bom', 'ap-south-1', 'ap'],
    ['sin', 'ap-southeast-1', 'ap'],
    ['nrt', 'ap-northeast-1', 'ap'],
    ['gru', 'sa-east-1', 'us'],
  ],
  stores: { eu: 'eu-central-1', us: 'us-east-1', ap: 'ap-southeast-1' },
  endpoints: {
    aws: ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'ap-south-1', 'sa-east-1', 'ap-southeast-1'],
    gcp: ['us-west1', 'asia-south1', 'asia-southeast1', 'us-central1', 'europe-west2', 'asia-northeast1'],
    azure: ['westeurope', 'eastasia', 'centralindia', 'eastus2', 'japaneast', 'southafricanorth'],
  },
  sizes: [1],
  serviceMs: 30,
  checksWait: false,
  trouble: { cloud: 'gcp', region: 'asia-south1' },
};

/** Another world, so that nothing is right in the first one only: other places, endpoints of three sizes, and checks that wait. */
const SECOND: Layout = {
  edges: [
    ['lhr', 'eu-west-2', 'eu'],
    ['cmh', 'us-east-2', 'us'],
    ['pdx', 'us-west-2', 'us'],
    ['hyd', 'ap-south-2', 'ap'],
    ['hkg', 'ap-east-1', 'ap'],
    ['syd', 'ap-southeast-2', 'ap'],
  ],
  stores: { eu: 'eu-west-1', us: 'us-west-2', ap: 'ap-northeast-1' },
  endpoints: {
    aws: ['us-west-2', 'eu-west-1', 'ap-southeast-1', 'ap-northeast-2', 'ap-southeast-2', 'eu-south-1'],
    gcp: ['us-east4', 'europe-west3', 'asia-east1', 'asia-south2', 'southamerica-east1', 'asia-southeast2'],
    azure: ['southindia', 'japanwest', 'northeurope', 'southeastasia', 'westus3', 'uaenorth'],
  },
  sizes: [1, 0.5, 1.5],
  serviceMs: 30,
  checksWait: true,
  trouble: { cloud: 'aws', region: 'ap-southeast-1' },
};

/** The first one with a service that takes ten times as long: queues of seconds are a load there, and no illness. */
const SLOW: Layout = { ...FIRST, serviceMs: 300, checksWait: true };

export const LAYOUTS = { first: FIRST, second: SECOND, slow: SLOW } as const;
export type LayoutName = keyof typeof LAYOUTS;
