import type { Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { isoOf } from '../observe/iso-time.ts';
import { cloudBreakers, endpointBreakers } from '../resilience/admission.ts';
import { type Breaker, CLOSED } from '../resilience/breaker.ts';
import { cloudBreakerIndex, HEALTH_STATE, type HealthState } from '../table/endpoint-table.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { hashOf } from './config-facts.ts';
import type { Control } from './control.ts';
import type { FleetWork } from './fleet.ts';
import { type ShownEndpoint, type ShownOverride, shownEndpoint, shownOverride } from './fleet-answer.ts';
import type { ProcessNotes } from './status-notes.ts';
import { ownVersion } from './version.ts';

export type EndpointStatus = {
  readonly id: string;
  readonly service: string;
  readonly cloud: string;
  readonly region: string;
  readonly state: HealthState;
  /** Since when, and why: what the last check or the requests said. Null when that has not changed since the start. */
  readonly since: string | null;
  readonly reason: string | null;
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
  /** When it last opened or closed; null when it never has. */
  readonly breakerSince: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly tries: number;
};

/** Which edge this is, what it runs, and which configuration is in force. */
export type ProcessStatus = {
  readonly id: string;
  readonly version: string;
  readonly node: string;
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly config: {
    readonly file: string;
    /** The same on edges with the same services; as `meridian_config_info` has it. */
    readonly hash: string;
    readonly since: string;
    /** Keys that have another value in the file, and take effect at the next start. */
    readonly restartNeeded: readonly string[];
  };
};

export type Status = {
  readonly process: ProcessStatus;
  readonly overrides: readonly ShownOverride[];
  readonly endpoints: readonly EndpointStatus[];
  readonly clouds: readonly {
    readonly service: string;
    readonly cloud: string;
    readonly breaker: Breaker['state'];
    readonly breakerSince: string | null;
  }[];
};

const STATES = Object.keys(HEALTH_STATE) as HealthState[];

/** What is happening at every endpoint, for people and dashboards. */
export function statusOf(
  { current, rows, table, metrics, notes }: Control,
  { overrides, view }: Pick<FleetWork, 'overrides' | 'view'>,
  nowMs = wallClockMs(),
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
        since: isoOrNull(notes.endpoint(endpoint.id)?.sinceMs),
        reason: notes.endpoint(endpoint.id)?.reason ?? null,
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
        breakerSince: isoOrNull(notes.breakerSinceMs(service.name, endpoint.cloud, endpoint.region)),
        ...metrics.counted(row),
      };
    }),
  );
  const clouds = services.flatMap((service) =>
    CLOUDS.map((cloud, i) => {
      const slot = rows.placement.slots[service.name];
      const breaker = slot === undefined ? CLOSED : cloudCells.read(cloudBreakerIndex(slot, i));
      const breakerSince = isoOrNull(notes.breakerSinceMs(service.name, cloud, ''));
      return { service: service.name, cloud, breaker: breaker.state, breakerSince };
    }),
  );
  return {
    process: processOf(current.topology, notes.process, nowMs),
    endpoints,
    clouds,
    overrides: overrides.inForce.map(shownOverride),
  };
}

function processOf(
  topology: Topology,
  { startedMs, reloadedMs, restartNeeded }: ProcessNotes,
  nowMs: number,
): ProcessStatus {
  return {
    id: topology.edge.id,
    version: ownVersion(),
    node: process.versions.node,
    startedAt: isoOf(startedMs),
    uptimeSeconds: Math.round((nowMs - startedMs) / 1000),
    config: { file: topology.file, hash: hashOf(topology), since: isoOf(reloadedMs), restartNeeded },
  };
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoOf(ms);
}
