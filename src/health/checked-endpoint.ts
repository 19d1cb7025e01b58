import type { Endpoint } from '../config/topology.ts';
import type { EndpointPolicy } from '../config/topology-policy.ts';
import type { CheckedTarget } from '../resilience/check-witness.ts';
import { cloudNumber } from '../table/cloud-numbers.ts';
import { cloudBreakerIndex } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { CheckTarget, Prober } from './check.ts';
import type { LastCheck } from './check-report.ts';
import type { EndpointHealth } from './endpoint-health.ts';

/** An endpoint and what its checks ask; a reload that does not change what they ask keeps it. */
export type CheckedEndpoint = {
  readonly endpoint: Endpoint;
  breakers: CheckedTarget;
  readonly health: EndpointHealth;
  readonly prober: Prober;
  readonly target: CheckTarget;
  readonly sinceMs: number;
  last: LastCheck | undefined;
  /** Until then an endpoint without addresses is not checked. */
  readonly waitUntilMs: number;
};

/** Which breakers its checks may move. */
export function breakersOf({ id, cloud }: Endpoint, { name, breakers }: EndpointPolicy, at: Placement): CheckedTarget {
  return {
    row: at.rows[id] as number,
    cloudBreaker: cloudBreakerIndex(at.slots[name] as number, cloudNumber(at, cloud)),
    policy: breakers,
  };
}
