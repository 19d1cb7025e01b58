import { believesReports, ownersOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import { type Cloud, cloudsAmong } from '../config/topology-cloud.ts';
import { cloudBreakers, endpointBreakers } from '../resilience/admission.ts';
import type { BreakerCells } from '../resilience/breaker-cells.ts';
import { NOT_ASSIGNED } from '../table/assigned-cells.ts';
import { cloudNumber } from '../table/cloud-numbers.ts';
import { cloudBreakerIndex, type EndpointTable, HEALTH_STATE, type HealthState } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';

/**
 * How the endpoints of the topology are doing, as gauges show it. Where several endpoints share a region and cloud, the
 * worst one is shown: a mean or a best would hide the one that somebody should look at.
 */
export type EndpointSurvey = {
  readonly regions: readonly RegionSurvey[];
  readonly services: readonly ServiceSurvey[];
  readonly cloudBreakers: readonly { readonly service: string; readonly cloud: Cloud; readonly state: number }[];
};

/** The endpoints of all services in one region of a cloud. */
export type RegionSurvey = {
  readonly region: string;
  readonly cloud: Cloud;
  /** The lowest health score, 0 to 1, of those that are not drained; of all when all are. */
  health: number;
  /** The highest latency in seconds; undefined while none is measured. */
  latencyS: number | undefined;
  /** The highest error rate, 0 to 1. */
  errorRate: number;
  /** Requests in flight that they are built for, in all, as operators say or else the file. */
  capacity: number;
  /** How many they get from this edge at a time, in all, as was learned; undefined where nothing is. */
  inFlightMax: number | undefined;
  /** The highest load that one reports; undefined where none does, or it does not count. */
  reportedLoad: number | undefined;
};

/** The endpoints of one service, or of a backend that several share, in one region of a cloud. */
export type ServiceSurvey = {
  readonly service: string;
  readonly region: string;
  readonly cloud: Cloud;
  readonly states: Record<HealthState, number>;
  drained: number;
  /** Those that may be sent to: neither unhealthy nor drained. */
  usable: number;
  /** The highest of `BREAKER_GAUGE`. */
  breaker: number;
  /** Share of the service's requests that is assigned to them, 0 to 1; undefined where nothing is. */
  assigned: number | undefined;
};

const BREAKER_GAUGE = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What is looked at: who there is, where each is in the table, and the region that an endpoint is shown under. */
export type SurveyedWorld = {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly table: EndpointTable;
  readonly regionOf: (endpoint: Endpoint) => string;
};

/** Looks at every endpoint once. Endpoints that have no row yet are left out. */
export function surveyEndpoints({ topology, placement, table, regionOf }: SurveyedWorld): EndpointSurvey {
  const regions = new Map<string, RegionTally>();
  const services = new Map<string, ServiceSurvey>();
  const cells = endpointBreakers(table);
  for (const { name, endpoints } of ownersOf(topology)) {
    const reports = believesReports(topology, name);
    const slot = assigningSlot(topology, placement, name);
    const assigns = slot !== undefined && table.live.assignedAtMs[slot] !== NOT_ASSIGNED;
    for (const endpoint of endpoints) {
      const row = placement.rows[endpoint.id];
      if (row === undefined) continue;
      const at = { service: name, region: regionOf(endpoint), cloud: endpoint.cloud };
      const where = `${at.cloud}/${at.region}`;
      intoRegion(
        found(regions, where, () => emptyRegion(at)),
        endpoint,
        table,
        row,
      );
      if (reports) noteReported(regions.get(where), table.live.reportedLoad[row] as number);
      const service = found(services, `${name} ${where}`, () => emptyService(at));
      intoService(service, table, cells, row);
      if (assigns) service.assigned = (service.assigned ?? 0) + (table.live.assignedPart[row] as number);
    }
  }
  return {
    regions: [...regions.values()].map(shownRegion),
    services: [...services.values()],
    cloudBreakers: surveyCloudBreakers(topology, placement, table),
  };
}

/** The slot of the service that assigns an owner's endpoints: no more than one does. */
function assigningSlot({ services }: Topology, { slots }: Placement, owner: string): number | undefined {
  const service = services.find(
    ({ name, backends, routing }) =>
      routing.select === 'optimal' && (backends?.some((one) => one.name === owner) ?? name === owner),
  );
  return service && slots[service.name];
}

/** `served`: whether any endpoint there is not drained. */
type RegionTally = RegionSurvey & { served: boolean };

function shownRegion(tally: RegionTally): RegionSurvey {
  const { served: _, ...region } = tally;
  return region;
}

function intoRegion(region: RegionTally, endpoint: Endpoint, { live }: EndpointTable, row: number): void {
  const served = live.drained[row] === 0;
  // How ill a drained endpoint is concerns nobody who is served: it was taken out for that.
  if (served && !region.served) region.health = 1;
  if (served || !region.served) region.health = Math.min(region.health, live.health[row] as number);
  region.served ||= served;
  const latencyMs = live.latencyMs[row] as number;
  if (!Number.isNaN(latencyMs)) region.latencyS = Math.max(region.latencyS ?? 0, latencyMs / 1000);
  region.errorRate = Math.max(region.errorRate, live.errorRate[row] as number);
  const said = live.capacity[row] as number;
  region.capacity += said > 0 ? said : endpoint.capacity;
  const max = live.inFlightMax[row] as number;
  if (max !== Number.POSITIVE_INFINITY) region.inFlightMax = (region.inFlightMax ?? 0) + max;
}

function noteReported(region: RegionTally | undefined, load: number): void {
  if (region !== undefined && load > 0) region.reportedLoad = Math.max(region.reportedLoad ?? 0, load);
}

function intoService(service: ServiceSurvey, { live }: EndpointTable, cells: BreakerCells, row: number): void {
  service.states[STATES[live.state[row] as number] ?? 'unknown'] += 1;
  service.drained += live.drained[row] as number;
  service.usable += live.drained[row] === 0 && live.state[row] !== HEALTH_STATE.unhealthy ? 1 : 0;
  service.breaker = Math.max(service.breaker, BREAKER_GAUGE[cells.read(row).state]);
}

const STATES: readonly HealthState[] = (Object.keys(HEALTH_STATE) as HealthState[]).sort(
  (a, b) => HEALTH_STATE[a] - HEALTH_STATE[b],
);

function surveyCloudBreakers(topology: Topology, placement: Placement, table: EndpointTable) {
  const cells = cloudBreakers(table);
  return ownersOf(topology).flatMap(({ name, endpoints }) => {
    const slot = placement.slots[name];
    if (slot === undefined) return [];
    return cloudsAmong(endpoints).map((cloud) => ({
      service: name,
      cloud,
      state: BREAKER_GAUGE[cells.read(cloudBreakerIndex(slot, cloudNumber(placement, cloud))).state],
    }));
  });
}

function emptyRegion({ region, cloud }: Shown): RegionTally {
  return {
    region,
    cloud,
    health: 1,
    latencyS: undefined,
    errorRate: 0,
    capacity: 0,
    inFlightMax: undefined,
    reportedLoad: undefined,
    served: false,
  };
}

function emptyService({ service, region, cloud }: Shown): ServiceSurvey {
  const states = { unknown: 0, healthy: 0, degraded: 0, unhealthy: 0 };
  return { service, region, cloud, states, drained: 0, usable: 0, breaker: 0, assigned: undefined };
}

type Shown = Pick<ServiceSurvey, 'service' | 'region' | 'cloud'>;

function found<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
