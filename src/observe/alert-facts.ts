import { ownersOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import type { Cloud } from '../config/topology-cloud.ts';
import { cloudBreakers, endpointBreakers } from '../resilience/admission.ts';
import { cloudNumber } from '../table/cloud-numbers.ts';
import { cloudBreakerIndex, type EndpointTable, HEALTH_STATE, type HealthState } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { ObtainedFact } from './acme-families.ts';
import type { MissingEdgeFact } from './alert-edge-missing.ts';
import type { SloReport } from './slo-report.ts';

/** Everything that alerts are decided from, as it is now. */
export type AlertFacts = {
  readonly endpoints: readonly EndpointFacts[];
  /** Clouds of services whose breaker is not closed. */
  readonly openClouds: readonly { readonly service: string; readonly cloud: Cloud; readonly cause?: string }[];
  /** Whether the file had problems the last time it was read. */
  readonly reloadFailed: boolean;
  /** How old the geo database is that the file names; 0 for the built-in one. */
  readonly geoAgeMs: number;
  /**
   * How long the chains that listeners show are still good, by their first names, negative when they have ended; and how long what ends first of each is
   * good in all.
   */
  readonly certificates: readonly { readonly name: string; readonly leftMs: number; readonly lifetimeMs: number }[];
  /** Those that the edge obtains by itself; absent where it does not. */
  readonly obtained?: readonly ObtainedFact[];
  readonly slo: readonly SloReport[];
  /** Edges of the fleet that are missing; absent without a fleet. */
  readonly missingEdges?: readonly MissingEdgeFact[];
};

export type EndpointFacts = {
  readonly id: string;
  readonly service: string;
  readonly cloud: Cloud;
  readonly region: string;
  /** 0 to 1; says nothing while the state is unknown. */
  readonly health: number;
  readonly state: HealthState;
  readonly drained: boolean;
  /** Open, or half-open and being probed. */
  readonly breakerOpen: boolean;
  /** Why its state is what it is, and why its breaker moved last, in words; absent where nobody knows. */
  readonly reason?: string;
  readonly breakerCause?: string;
  /** It is down from here, and up as most edges of the fleet see it. */
  readonly cutOff: boolean;
};

/** What others know of an endpoint: whether it is this edge that is cut off from it, and why it is as it is. */
export type Words = {
  readonly isCutOff: (endpoint: string) => boolean;
  readonly reasonOf?: (endpoint: string) => string | undefined;
  /** The region is empty for the breaker of a cloud. */
  readonly breakerCauseOf?: (
    service: string,
    cloud: string,
    region: string,
  ) => { readonly by: string; readonly cause: string } | undefined;
};

const STATES = Object.entries(HEALTH_STATE) as [HealthState, number][];

/** What the table and the fleet say of endpoints and clouds. Endpoints without a row yet are left out. */
export function tableFacts(
  topology: Topology,
  placement: Placement,
  table: EndpointTable,
  { isCutOff, reasonOf, breakerCauseOf }: Words,
): Pick<AlertFacts, 'endpoints' | 'openClouds'> {
  const { live } = table;
  const ofEndpoints = endpointBreakers(table);
  const ofClouds = cloudBreakers(table);
  const endpoints = ownersOf(topology).flatMap((service) =>
    service.endpoints.flatMap(({ id, cloud, region }): EndpointFacts[] => {
      const row = placement.rows[id];
      if (row === undefined) return [];
      const state = STATES.find(([, value]) => value === live.state[row])?.[0] ?? 'unknown';
      const breakerOpen = ofEndpoints.read(row).state !== 'closed';
      const drained = live.drained[row] === 1;
      const health = live.health[row] as number;
      const cutOff = isCutOff(id);
      const facts = { id, service: service.name, cloud, region, health, state, drained, breakerOpen, cutOff };
      const reason = reasonOf?.(id);
      const breakerCause = breakerCauseOf?.(service.name, cloud, region)?.cause;
      return [{ ...facts, ...(reason && { reason }), ...(breakerCause && { breakerCause }) }];
    }),
  );
  const openClouds = ownersOf(topology).flatMap(({ name }) => {
    const slot = placement.slots[name];
    if (slot === undefined) return [];
    const stateOf = (cloud: Cloud) => ofClouds.read(cloudBreakerIndex(slot, cloudNumber(placement, cloud))).state;
    return topology.clouds
      .filter((cloud) => stateOf(cloud) !== 'closed')
      .map((cloud) => {
        const moved = breakerCauseOf?.(name, cloud, '');
        return { service: name, cloud, ...(moved && { cause: `${moved.by}: ${moved.cause}` }) };
      });
  });
  return { endpoints, openClouds };
}
