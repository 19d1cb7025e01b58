import type { HealthState } from '../table/endpoint-table.ts';

type BreakerState = 'closed' | 'open' | 'half-open';

/** What the edge says of one endpoint. */
export type EndpointReading = {
  readonly cloud: string;
  readonly region: string;
  readonly state: HealthState;
  /** 0 to 1. */
  readonly health: number;
  readonly inFlight: number;
  readonly breaker: BreakerState;
  /** Requests that it answered, by the edge's count. */
  readonly requests: number;
};

/** What the edge says of itself, as its admin port does. */
export type EdgeStatus = {
  readonly endpoints: readonly EndpointReading[];
  readonly clouds: readonly { readonly cloud: string; readonly breaker: BreakerState }[];
};
