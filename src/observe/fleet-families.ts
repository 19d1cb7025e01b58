import type { FleetStatus } from '../fleet/fleet.ts';
import { type Family, gauge, type Sample } from './family.ts';

/** What the fleet can be asked at a scrape. */
export type FleetFacts = {
  readonly status: () => FleetStatus;
  /** Edges that vanished without saying that they end. */
  readonly missing: () => readonly { readonly region: string; readonly regionGone: boolean }[];
  /** What all edges see of each endpoint. `quorum` is what most of them see. */
  readonly seen: () => readonly SeenEndpoint[];
  /** Which part of each limit that the fleet shares is this edge's. */
  readonly shares: () => readonly { readonly service: string; readonly share: number }[];
  /** Of how many clients this edge tells the others, and of how many of them it has a part of the limit only; by service. */
  readonly clients: () => readonly { readonly service: string; readonly told: number; readonly shared: number }[];
};

export type SeenEndpoint = {
  readonly cloud: string;
  readonly region: string;
  /** From other edges. */
  readonly inFlight: number;
  readonly quorum: 'up' | 'down' | 'split' | 'none';
  readonly cutOff: boolean;
};

const KINDS = ['drain', 'weight', 'capacity'] as const;
const QUORUMS = ['up', 'down', 'split', 'none'] as const;

/** Series by cloud and region are at most as many as these, as those of requests are. */
const PLACES_MAX = 1024;

/** What edges share, and how well that goes. */
export function fleetFamilies(facts: FleetFacts): readonly Family[] {
  return [
    ...sharingFamilies(facts),
    ...seenFamilies(facts),
    gauge('meridian_fleet_limit_share', 'Which part of the limit on requests of the service is this edge’s now.', () =>
      facts.shares().map(({ service, share }) => ({ labels: { service }, value: share })),
    ),
    gauge(
      'meridian_fleet_limited_clients',
      'Heavy clients of the service here: told of to the other edges (told), and of them those of whose limit others have a part (shared).',
      () =>
        facts.clients().flatMap(({ service, told, shared }) => [
          { labels: { service, state: 'told' }, value: told },
          { labels: { service, state: 'shared' }, value: shared },
        ]),
    ),
  ];
}

/** What operators decided; an edge that is alone has these too. */
export function overrideFamilies(inForce: () => readonly { readonly kind: string }[]): readonly Family[] {
  return [
    gauge('meridian_overrides_in_force', "Operators' decisions that are in force on this edge, by kind.", () =>
      KINDS.map((kind) => ({ labels: { kind }, value: inForce().filter((it) => it.kind === kind).length })),
    ),
  ];
}

function sharingFamilies({ status, missing }: FleetFacts): readonly Family[] {
  const byRegion = (value: (region: FleetStatus['regions'][number]) => number) => (): readonly Sample[] =>
    status().regions.map((region) => ({ labels: { region: region.region, role: region.role }, value: value(region) }));
  const one = (value: (now: FleetStatus) => number) => (): readonly Sample[] => [
    { labels: {}, value: value(status()) },
  ];
  return [
    gauge(
      'meridian_fleet_edges',
      'Edges of the fleet that were heard of lately, this one included.',
      one(({ edges }) => edges.length),
    ),
    gauge('meridian_fleet_edges_missing', 'Edges that vanished from the fleet without saying that they end.', () => [
      { labels: {}, value: missing().length },
    ]),
    gauge('meridian_fleet_regions_missing', 'Regions of which every one of several edges vanished like that.', () => {
      const gone = missing().filter(({ regionGone }) => regionGone);
      return [{ labels: {}, value: new Set(gone.map(({ region }) => region)).size }];
    }),
    gauge(
      'meridian_fleet_region_up',
      '1 when the store of the region can be reached, read and written, 0 otherwise.',
      byRegion(({ connected, writable }) => (connected && writable ? 1 : 0)),
    ),
    gauge(
      'meridian_fleet_store_writable',
      '0 when the store of the region is connected and takes no writes (a replica, full, unable to save), 1 otherwise.',
      byRegion(({ connected, writable }) => (connected && !writable ? 0 : 1)),
    ),
    gauge(
      'meridian_fleet_writes_waiting',
      'Writes that wait to be stored in the region.',
      byRegion(({ waiting }) => waiting),
    ),
    gauge(
      'meridian_fleet_records',
      'Records that this edge holds of what the fleet shares.',
      one(({ records }) => records),
    ),
    counter(
      'meridian_fleet_conflicts_resolved_total',
      'Records that two edges wrote without having heard of each other, and that were merged here.',
      one(({ conflictsResolved }) => conflictsResolved),
    ),
    counter(
      'meridian_fleet_unreadable_total',
      'Records that could not be read and were left as they are.',
      one(({ unreadable }) => unreadable.count),
    ),
    counter(
      'meridian_fleet_reports_dropped_total',
      'Reports of what this edge sees that no store took.',
      one(({ reportsDropped }) => reportsDropped),
    ),
  ];
}

function seenFamilies({ seen }: FleetFacts): readonly Family[] {
  const byPlace = (samples: (its: readonly SeenEndpoint[]) => readonly Sample[]) => (): readonly Sample[] =>
    [...Map.groupBy(seen(), ({ cloud, region }) => `${cloud}/${region}`).values()]
      .slice(0, PLACES_MAX)
      .flatMap(samples);
  const where = (its: readonly SeenEndpoint[]) => ({ region: its[0]?.region ?? '', cloud: its[0]?.cloud ?? '' });
  return [
    gauge(
      'meridian_fleet_in_flight',
      'Requests that other edges have in flight at the endpoints there, as they last reported.',
      byPlace((its) => [{ labels: where(its), value: its.reduce((sum, { inFlight }) => sum + inFlight, 0) }]),
    ),
    gauge(
      'meridian_fleet_quorum',
      'Endpoints there by what most edges see: up, down, split, or none when fewer than three have an opinion.',
      byPlace((its) =>
        QUORUMS.map((quorum) => ({
          labels: { ...where(its), quorum },
          value: its.filter((it) => it.quorum === quorum).length,
        })),
      ),
    ),
    gauge(
      'meridian_fleet_cut_off',
      'Endpoints there that are down from this edge and up for most.',
      byPlace((its) => [{ labels: where(its), value: its.filter(({ cutOff }) => cutOff).length }]),
    ),
  ];
}

function counter(name: string, help: string, samples: Family['samples']): Family {
  return { name, help, type: 'counter', samples };
}
