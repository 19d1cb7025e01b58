import type { OriginTls } from './topology-origin.ts';

/**
 * What belongs to endpoints, whoever sends to them: how they are reached, asked and left alone. Services with endpoints of their own
 * have it themselves; those that share a backend have the backend's.
 */
export type EndpointPolicy = {
  readonly name: string;
  readonly health: HealthPolicy;
  readonly breakers: BreakerPolicy;
  readonly timeouts: ConnectionPolicy;
  readonly tls: OriginTls;
};

export type ConnectionPolicy = {
  readonly connectMs: number;
  /** An upstream connection that is older takes no more requests; each lasts a little less, by chance. */
  readonly connectionAgeMs: number;
};

export type HealthPolicy = {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly path: string;
  /** The gRPC service whose health is asked for, empty for the server as a whole; undefined: a GET of `path`. */
  readonly grpc: string | undefined;
  /** The `Host` of a check; the endpoint's own host when undefined. */
  readonly host: string | undefined;
  /** Inclusive ranges of statuses that count as reachable. */
  readonly expect: readonly (readonly [number, number])[];
  /** Consecutive good checks before an endpoint that was down is up again, and bad ones before it is down. */
  readonly rise: number;
  readonly fall: number;
  /** A latency above it is degraded; the latency check falls from 1 to 0 up to it. */
  readonly latencyLimitMs: number;
  readonly errorRateDegraded: number;
  readonly errorRateUnhealthy: number;
};

export type BreakerPolicy = {
  /** Consecutive failures that open a closed breaker. */
  readonly failures: number;
  /** Consecutive successes that close a half-open one. */
  readonly successes: number;
  readonly openMs: number;
  /** Requests that may try a half-open one at a time. */
  readonly probes: number;
};
