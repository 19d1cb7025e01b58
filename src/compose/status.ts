import { originTlsOf } from '../config/origin-tls.ts';
import type { Endpoint, Service, Topology } from '../config/topology.ts';
import { CLOUDS, type Cloud, cloudsAmong } from '../config/topology-cloud.ts';
import type { FleetValues } from '../fleet/values/values.ts';
import type { ObtainedFact } from '../observe/acme-families.ts';
import { isoOf } from '../observe/iso-time.ts';
import { wallClockMs } from '../table/system-clock.ts';
import { hashOf } from './config-facts.ts';
import type { Control } from './control.ts';
import {
  type CloudCondition,
  cloudConditionOf,
  conditionOf,
  type EndpointCondition,
  type ReportOf,
} from './endpoint-condition.ts';
import type { FleetWork } from './fleet.ts';
import { type ShownEndpoint, type ShownOverride, shownEndpoint, shownOverride } from './fleet-answer.ts';
import type { ProcessNotes } from './status-notes.ts';
import { ownVersion } from './version.ts';

export type EndpointStatus = EndpointCondition & {
  readonly id: string;
  readonly service: string;
  readonly cloud: string;
  readonly region: string;
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
  /** `tls.insecure`: nobody verifies who answers. */
  readonly insecure: boolean;
  readonly weight: number;
  /** What it reports of its own load, 1 being all that it can do; null where nothing counts. */
  readonly reportedLoad: number | null;
  /** What all edges see of it. */
  readonly seen: Omit<ShownEndpoint, 'endpoint'>;
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
  readonly clouds: readonly CloudCondition[];
  /** Certificates that the edge obtains by itself. */
  readonly certificates: readonly CertificateStatus[];
};

/** Times in ISO 8601; null where there is none. */
export type CertificateStatus = {
  readonly name: string;
  readonly directory: string;
  readonly state: ObtainedFact['state'];
  readonly endsAt: string | null;
  readonly renewAt: string | null;
  readonly failures: number;
  readonly error: string;
  readonly againAt: string | null;
};

/** What is happening at every endpoint, for people and dashboards. */
export function statusOf(
  control: Control,
  { overrides, view, values }: Pick<FleetWork, 'overrides' | 'view'> & { readonly values: Pick<FleetValues, 'isOn'> },
  reportOf: ReportOf,
  nowMs = wallClockMs(),
): Status {
  const { current, rows, table, metrics, notes } = control;
  const { live } = table;
  const { services } = current.topology;
  const isOn = (flag: string) => values.isOn(flag);
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
        ...conditionOf(control, endpoint, { reportOf, nowMs, isOn }),
        health: live.health[row] as number,
        latencyMs: Number.isNaN(latencyMs) ? null : latencyMs,
        errorRate: live.errorRate[row] as number,
        inFlight: live.inFlight[row] as number,
        fleetInFlight: live.fleetInFlight[row] as number,
        capacity: saidCapacity > 0 ? saidCapacity : endpoint.capacity,
        capacityInFile: endpoint.capacity,
        drained: live.drained[row] === 1,
        insecure: originTlsOf(service, endpoint).insecure && endpoint.url.protocol === 'https',
        weight: live.weight[row] as number,
        reportedLoad: reportedLoadOf(service, live.reportedLoad[row] as number),
        seen,
        ...metrics.counted(row),
      };
    }),
  );
  const clouds = services.flatMap(({ name, endpoints: its }) =>
    shownClouds(its).map((cloud) => cloudConditionOf(control, name, cloud)),
  );
  return {
    process: processOf(current.written, notes.process, nowMs),
    endpoints,
    clouds,
    overrides: overrides.inForce.map(shownOverride),
    certificates: control.obtained.facts().map(certificateOf),
  };
}

function reportedLoadOf({ routing }: Pick<Service, 'routing'>, load: number): number | null {
  return routing.load === 'reported' && load > 0 ? load : null;
}

/** The three whether or not the service has any endpoint there; and those of its own that it has. */
function shownClouds(endpoints: readonly Endpoint[]): readonly Cloud[] {
  return [...new Set<Cloud>([...CLOUDS, ...cloudsAmong(endpoints)])];
}

function certificateOf({ notAfterMs, renewMs, againMs, ...rest }: ObtainedFact): CertificateStatus {
  const at = (ms: number | undefined): string | null => (ms === undefined ? null : isoOf(ms));
  return { ...rest, endsAt: at(notAfterMs), renewAt: at(renewMs), againAt: at(againMs) };
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
