import { policyOf } from '../config/owners.ts';
import type { Service, Weights } from '../config/topology.ts';
import type { HealthPolicy } from '../config/topology-policy.ts';
import type { AdmissionTarget } from '../resilience/admission.ts';
import { cloudCount, cloudNumber } from '../table/cloud-numbers.ts';
import { cloudBreakerIndex } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import { hashOf } from './hash.ts';
import { type Brake, brakeOf } from './spill.ts';
import { type Split, setsOf, splitOf } from './split.ts';
import { tiersOf } from './tiers.ts';
import { weightsOf } from './weights.ts';

/**
 * One service as the request path reads it: its endpoints as columns of numbers, and scratch space for one decision.
 * Made once per thread and reload, so that a decision allocates nothing that grows with the endpoints.
 */
export type ServiceView = {
  readonly service: Service;
  readonly slot: number;
  /** Where each endpoint is in the table, by its position in the service. */
  readonly rows: Int32Array;
  /** The number of each endpoint's cloud, and how many numbers there are. */
  readonly clouds: Uint8Array;
  readonly cloudCount: number;
  readonly capacities: Float64Array;
  /** See `weightsOf`, `tiersOf` and `setsOf`. */
  readonly weights: Float64Array;
  readonly tiers: Uint8Array;
  readonly split: Split | undefined;
  readonly brake: Brake | undefined;
  /** Whether loads that endpoints report count. */
  readonly reports: boolean;
  /** By which clients stay with endpoints: a hash of the id of each, and the bound of its load. */
  readonly hashes: Uint32Array;
  readonly stickyLoadMax: number;
  readonly sets: Int16Array;
  /** The breakers of clouds that its endpoints have, each once: one for each owner and cloud; and the number of the cloud of each. */
  readonly cloudBreakers: Int32Array;
  readonly breakerClouds: Uint8Array;
  readonly targets: readonly AdmissionTarget[];
  /** By what the health of each endpoint is judged. */
  readonly checks: readonly HealthPolicy[];
  /** The priorities' weights by name; `priorityNames[0]` is the default's. */
  readonly priorities: ReadonlyMap<string, Weights>;
  readonly defaultWeights: Weights;
  /** Position in the failover order of each cloud (0 for all when the order is by score). */
  readonly failoverRank: Uint8Array;
  /** Scratch: the group and the score of each endpoint in the decision now being made. */
  readonly groups: Uint16Array;
  /** … and what it has, over what it is built for. */
  readonly loads: Float64Array;
  readonly scores: Float64Array;
  /** … and 1 for each that is down, or seems so; only where a brake may have that disregarded. */
  readonly down: Uint8Array;
};

/** Makes the view of a service whose endpoints have been placed in the table. */
export function viewOf(service: Service, placement: Placement): ServiceView {
  const { endpoints, routing } = service;
  const slot = slotOf(service.name, placement);
  const clouds = Uint8Array.from(endpoints, (endpoint) => cloudNumber(placement, endpoint.cloud));
  const count = cloudCount(placement);
  const rows = Int32Array.from(endpoints, (endpoint) => rowOf(endpoint.id, placement));
  const perCloud = new Map<string, number>();
  for (const { service: owner, cloud } of endpoints) {
    const key = `${owner} ${cloud}`;
    perCloud.set(key, (perCloud.get(key) ?? 0) + 1);
  }
  const split = splitOf(service);
  const priorities = new Map(Object.entries(routing.priorities));
  const defaultWeights = priorities.get(routing.defaultPriority);
  if (defaultWeights === undefined) throw new Error(`no weights for priority ${routing.defaultPriority}`);
  const targets = endpoints.map((endpoint, i) => {
    const owner = policyOf(service, endpoint);
    return {
      row: rows[i] as number,
      cloudBreaker: cloudBreakerIndex(slotOf(owner.name, placement), clouds[i] as number),
      endpointsInCloud: perCloud.get(`${endpoint.service} ${endpoint.cloud}`) as number,
      policy: owner.breakers,
    };
  });
  const breakers = new Map(targets.map(({ cloudBreaker }, i) => [cloudBreaker, clouds[i] as number]));
  return {
    service,
    slot,
    rows,
    clouds,
    cloudCount: count,
    capacities: Float64Array.from(endpoints, (endpoint) => endpoint.capacity),
    weights: weightsOf(service),
    tiers: tiersOf(service),
    split,
    sets: setsOf(service, split),
    brake: brakeOf(service),
    reports: routing.load === 'reported',
    hashes: Uint32Array.from(endpoints, ({ id }) => hashOf(id)),
    stickyLoadMax: service.sticky?.loadMax ?? Number.POSITIVE_INFINITY,
    targets,
    cloudBreakers: Int32Array.from(breakers.keys()),
    breakerClouds: Uint8Array.from(breakers.values()),
    checks: endpoints.map((endpoint) => policyOf(service, endpoint).health),
    priorities,
    defaultWeights,
    failoverRank: failoverRanks(service, clouds, count),
    groups: new Uint16Array(endpoints.length),
    loads: new Float64Array(endpoints.length),
    scores: new Float64Array(endpoints.length),
    down: new Uint8Array(endpoints.length),
  };
}

function slotOf(name: string, placement: Placement): number {
  const slot = placement.slots[name];
  if (slot === undefined) throw new Error(`${name} has no slot`);
  return slot;
}

function rowOf(id: string, placement: Placement): number {
  const row = placement.rows[id];
  if (row === undefined) throw new Error(`endpoint ${id} has no row`);
  return row;
}

/** A cloud that the order does not name comes after those that it names. */
function failoverRanks({ endpoints, routing }: Service, clouds: Uint8Array, count: number): Uint8Array {
  const { failover } = routing;
  const ranks = new Uint8Array(count);
  if (failover === 'score') return ranks;
  for (const [i, { cloud }] of endpoints.entries()) {
    const at = failover.indexOf(cloud);
    ranks[clouds[i] as number] = at === -1 ? failover.length : at;
  }
  return ranks;
}
