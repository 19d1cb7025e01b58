import { originTlsOf } from '../config/origin-tls.ts';
import { believesReports, ownersOf, servicesOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
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
  /** Or the backend that it belongs to; then `services` are those that send to it. */
  readonly service: string;
  readonly services?: readonly string[];
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
  const isOn = (flag: string) => values.isOn(flag);
  const owners = ownersOf(current.topology);
  const endpoints = owners.flatMap((owner) => {
    const reports = believesReports(current.topology, owner.name);
    return owner.endpoints.map((endpoint): EndpointStatus => {
      const row = rows.placement.rows[endpoint.id] as number;
      const latencyMs = live.latencyMs[row] as number;
      const saidCapacity = live.capacity[row] as number;
      const { endpoint: _, ...seen } = shownEndpoint(endpoint.id, view);
      return {
        id: endpoint.id,
        service: owner.name,
        ...sharedBy(current.topology, owner.name),
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
        insecure: originTlsOf(owner, endpoint).insecure && endpoint.url.protocol === 'https',
        weight: live.weight[row] as number,
        reportedLoad: reports && (live.reportedLoad[row] as number) > 0 ? (live.reportedLoad[row] as number) : null,
        seen,
        ...metrics.counted(row),
      };
    });
  });
  const clouds = owners.flatMap(({ name, endpoints: its }) =>
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

/** Which services send to the endpoints of a backend; nothing for a service's own. */
function sharedBy(topology: Topology, owner: string): { readonly services?: readonly string[] } {
  const isBackend = topology.backends?.some(({ name }) => name === owner) === true;
  return isBackend ? { services: servicesOf(topology, owner) } : {};
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
