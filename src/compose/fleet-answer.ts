import { scopeText } from '../config/override-scope.ts';
import { endpointsOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import type { FleetStatus } from '../fleet/fleet.ts';
import type { FleetView } from '../fleet/fleet-view.ts';
import type { InForce } from '../fleet/override.ts';
import { isCutOff, type Quorum, quorumOf } from '../fleet/quorum.ts';

/** An override as people and programs are shown it. */
export type ShownOverride = {
  readonly kind: InForce['kind'];
  readonly scope: string;
  readonly level: number;
  /** ISO 8601; null is forever. */
  readonly until: string | null;
  readonly since: string;
  readonly actor: string;
  readonly reason: string;
  readonly edge: string;
};

export type ShownEndpoint = {
  readonly endpoint: string;
  readonly here: string;
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  readonly quorum: Quorum;
  readonly cutOff: boolean;
};

/** What GET /fleet answers. Lags are seconds, null for a target that was never in step. */
export type FleetAnswer = Omit<FleetStatus, 'lags'> & {
  /** False: the file has no fleet block, and everything here is this edge's own. */
  readonly shared: boolean;
  readonly lags: readonly { readonly source: string; readonly target: string; readonly seconds: number | null }[];
  readonly overrides: readonly ShownOverride[];
  /** Endpoints that any edge does not see up; at most `DOUBTED_MAX` of them. */
  readonly doubted: readonly ShownEndpoint[];
};

/** Endpoints that an answer lists; of more, the first of the file. */
export const DOUBTED_MAX = 1000;

export type FleetWorld = {
  readonly status: FleetStatus;
  readonly shared: boolean;
  readonly inForce: readonly InForce[];
  readonly view: Pick<FleetView, 'opinionsOf'>;
  readonly topology: Topology;
};

/** How the fleet is, as `GET /fleet` and `meridian fleet status` show it. */
export function fleetAnswer({ status, shared, inForce, view, topology }: FleetWorld): FleetAnswer {
  const endpoints = endpointsOf(topology);
  const doubted = endpoints
    .map(({ id }) => shownEndpoint(id, view))
    .filter(({ here, down, unknown }) => here !== 'up' || down + unknown > 0);
  return {
    ...status,
    shared,
    lags: status.lags.map((lag) => ({ ...lag, seconds: Number.isFinite(lag.seconds) ? lag.seconds : null })),
    overrides: inForce.map(shownOverride),
    doubted: doubted.slice(0, DOUBTED_MAX),
  };
}

/** An override as it is shown: times as ISO 8601. */
export function shownOverride({ kind, scope, level, untilMs, setAtMs, actor, reason, edge }: InForce): ShownOverride {
  const until = untilMs === null ? null : new Date(untilMs).toISOString();
  return { kind, scope: scopeText(scope), level, until, since: new Date(setAtMs).toISOString(), actor, reason, edge };
}

/** What each edge of the fleet says of an endpoint, and what comes of it. */
export function shownEndpoint(endpoint: string, view: Pick<FleetView, 'opinionsOf'>): ShownEndpoint {
  const opinions = view.opinionsOf(endpoint);
  return { endpoint, ...opinions, quorum: quorumOf(opinions), cutOff: isCutOff(opinions) };
}
