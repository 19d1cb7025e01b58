import { CLOUDS } from '../config/topology-cloud.ts';
import { cloudBreakers, endpointBreakers } from '../resilience/admission.ts';
import { type Breaker, CLOSED } from '../resilience/breaker.ts';
import { cloudBreakerIndex, HEALTH_STATE, type HealthState } from '../table/endpoint-table.ts';
import type { Control } from './control.ts';
import type { FleetWork } from './fleet.ts';
import { type ShownEndpoint, type ShownOverride, shownEndpoint, shownOverride } from './fleet-answer.ts';

export type EndpointStatus = {
  readonly id: string;
  readonly service: string;
  readonly cloud: string;
  readonly region: string;
  readonly state: HealthState;
  readonly health: number;
  readonly latencyMs: number | null;
  readonly errorRate: number;
  readonly inFlight: number;
  /** From all other edges of the fleet, as they last reported. */
  readonly fleetInFlight: number;
  /** What an operator says it is built for, or else the file. */
  readonly capacity: number;
  readonly capacityInFile: number;
  readonly drained: boolean;
  readonly weight: number;
  /** What all edges see of it. */
  readonly seen: Omit<ShownEndpoint, 'endpoint'>;
  readonly breaker: Breaker['state'];
  readonly requests: number;
  readonly errors: number;
  readonly tries: number;
};

export type Status = {
  readonly overrides: readonly ShownOverride[];
  readonly endpoints: readonly EndpointStatus[];
  readonly clouds: readonly { readonly service: string; readonly cloud: string; readonly breaker: Breaker['state'] }[];
};

const STATES = Object.keys(HEALTH_STATE) as HealthState[];

/** What is happening at every endpoint, for people and dashboards. */
export function statusOf(
  { current, rows, table, metrics }: Control,
  { overrides, view }: Pick<FleetWork, 'overrides' | 'view'>,
): Status {
  const { live } = table;
  const endpointCells = endpointBreakers(table);
  const cloudCells = cloudBreakers(table);
  const { services } = current.topology;
  const endpoints = services.flatMap((service) =>
    service.endpoints.map((endpoint): EndpointStatus => {
      const row = rows.placement.rows[endpoint.id] as number;
      const latencyMs = live.latencyMs[row] as number;
      const saidCapacity = live.capacity[row] as number;
      const { endpoint: _, ...seen } = shownEndpoint(endpoint.id, view);
      return {
        id: endpoint.id,
        service: service.name,
        cloud: endpoint.cloud,
        region: endpoint.region,
        state: STATES[live.state[row] as number] ?? 'unknown',
        health: live.health[row] as number,
        latencyMs: Number.isNaN(latencyMs) ? null : latencyMs,
        errorRate: live.errorRate[row] as number,
        inFlight: live.inFlight[row] as number,
        fleetInFlight: live.fleetInFlight[row] as number,
        capacity: saidCapacity > 0 ? saidCapacity : endpoint.capacity,
        capacityInFile: endpoint.capacity,
        drained: live.drained[row] === 1,
        weight: live.weight[row] as number,
        seen,
        breaker: endpointCells.read(row).state,
        ...metrics.counted(row),
      };
    }),
  );
  const clouds = services.flatMap((service) =>
    CLOUDS.map((cloud, i) => {
      const slot = rows.placement.slots[service.name];
      const breaker = slot === undefined ? CLOSED : cloudCells.read(cloudBreakerIndex(slot, i));
      return { service: service.name, cloud, breaker: breaker.state };
    }),
  );
  return { endpoints, clouds, overrides: overrides.inForce.map(shownOverride) };
}
