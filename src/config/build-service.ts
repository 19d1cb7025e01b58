import { buildEndpoints, endpointPolicy } from './build-backend.ts';
import { buildDegraded } from './build-degraded.ts';
import { isPlaced } from './build-edge.ts';
import { buildFences } from './build-fence.ts';
import { buildHedge } from './build-hedge.ts';
import { buildLimits } from './build-limits.ts';
import { buildMatch } from './build-match.ts';
import { buildMirror } from './build-mirror.ts';
import { buildRules } from './build-rules.ts';
import { buildShed } from './build-shed.ts';
import { buildSlo } from './build-slo.ts';
import { buildSticky } from './build-sticky.ts';
import type { CloudMap } from './cloud-map.ts';
import { levelOf } from './load-level.ts';
import { PRIORITIES } from './priorities.ts';
import type { Document } from './schema.ts';
import { RETRIES, ROUTING, TIMEOUTS, WEIGHTS } from './schema-policies.ts';
import type { Backend, RetryPolicy, RoutingPolicy, Service, Weights } from './topology.ts';
import type { Cloud } from './topology-cloud.ts';
import type { ConnectionPolicy, EndpointPolicy } from './topology-policy.ts';
import type { TimeoutPolicy } from './topology-timeouts.ts';
import { complete } from './zod-schema.ts';

type GivenService = NonNullable<Document['services']>[string];

/** The file, its clouds and its backends. */
type Around = { readonly document: Document; readonly clouds: CloudMap; readonly backends: readonly Backend[] };

/** A service with its own blocks laid over those of the file, key by key. */
export function buildService(name: string, given: GivenService, { document: file, clouds, backends }: Around): Service {
  const { timeouts, ...own } = endpointPolicy(['services', name], given, file);
  const used = usedBackends(given, backends);
  return {
    ...own,
    match: buildMatch(given.match),
    endpoints: used?.endpoints ?? buildEndpoints(['services', name], given, clouds),
    ...(used === undefined ? {} : { backends: used.policies }),
    mode: MODES[given.mode ?? 'proxy'],
    split: given.split,
    sticky: buildSticky(given.sticky),
    fences: buildFences(given.fence),
    routing: routingPolicy(
      { placed: isPlaced(file.edge) && (given.mode ?? 'proxy') === 'proxy', clouds: clouds.names },
      file.routing,
      given.routing,
    ),
    retries: retryPolicy(file.retries, given.retries),
    timeouts: { ...timeoutPolicy(file.timeouts, given.timeouts), ...(used?.timeouts ?? timeouts) },
    limits: buildLimits(given.limits),
    hedge: buildHedge(given.hedge),
    ...buildMirror(given.mirror),
    shed: buildShed(given.shed),
    slo: buildSlo(file.slo, given.slo),
    rules: buildRules(given),
    degraded: buildDegraded(given.degraded, clouds),
  };
}

/**
 * What a service says of each backend, laid over what the backend says of its endpoints. An attempt waits as long for a connection as
 * the most patient of its backends.
 */
function usedBackends({ backend, split }: GivenService, backends: readonly Backend[]) {
  if (backend === undefined) return undefined;
  const used = backend.flatMap((use) => {
    const found = backends.find(({ name }) => name === use.name);
    return found === undefined ? [] : [{ use, backend: found }];
  });
  const policies = used.map(({ backend: { name, health, breakers, timeouts, tls } }): EndpointPolicy => {
    return { name, health, breakers, timeouts, tls };
  });
  const longest = (of: (policy: EndpointPolicy) => number) => Math.max(...policies.map(of));
  return {
    endpoints: used.flatMap(({ use, backend: { name, endpoints } }) =>
      endpoints.map((endpoint) => ({
        ...endpoint,
        weight: endpoint.weight * use.weight,
        tier: endpoint.tier + use.tier - 1,
        set: split === undefined ? undefined : (endpoint.set ?? name),
      })),
    ),
    policies,
    timeouts: {
      connectMs: longest(({ timeouts }) => timeouts.connectMs),
      connectionAgeMs: longest(({ timeouts }) => timeouts.connectionAgeMs),
    },
  };
}

const MODES = { proxy: 'proxy', redirect: 307, 'permanent-redirect': 308 } as const;

function routingPolicy(
  { placed, clouds }: { readonly placed: boolean; readonly clouds: readonly Cloud[] },
  ...layers: readonly Document['routing'][]
): RoutingPolicy {
  const routing = complete(ROUTING, ...layers);
  return {
    header: routing.header,
    defaultPriority: routing.default_priority,
    select: routing.select,
    latencyFrom: routing.latency_from === 'auto' ? (placed ? 'edge' : 'client') : routing.latency_from,
    curve: routing.curve,
    load: routing.load,
    loadMetric: routing.load_metric,
    band: routing.band,
    failover: routing.failover,
    spillAt: levelOf(routing.spill_at) ?? Number.POSITIVE_INFINITY,
    overflowMax: levelOf(routing.overflow_max) ?? Number.POSITIVE_INFINITY,
    shedAt: levelOf(routing.shed_at) ?? Number.POSITIVE_INFINITY,
    inFlightMax: routing.in_flight_max,
    panicBelow: routing.panic_below,
    cloudWeights: cloudWeights(clouds, layers),
    priorities: mergedPriorities(layers),
    healthFloor: routing.health_floor,
    diversityHalfLifeMs: routing.diversity_half_life,
    rampMs: routing.ramp,
  };
}

/** Of every cloud, as the last layer that names it says; all of it where none does. */
function cloudWeights(
  clouds: readonly Cloud[],
  layers: readonly Document['routing'][],
): Readonly<Record<Cloud, number>> {
  const given = layers.flatMap((layer) => Object.entries(layer?.cloud_weights ?? {}));
  return Object.fromEntries([...clouds.map((cloud) => [cloud, 1] as const), ...given]);
}

/** The published priorities, and what each layer adds or puts in their place. */
function mergedPriorities(layers: readonly Document['routing'][]): Readonly<Record<string, Weights>> {
  const given = layers.flatMap((layer) => Object.entries(layer?.priorities ?? {}));
  return { ...PRIORITIES, ...Object.fromEntries(given.map(([name, weights]) => [name, complete(WEIGHTS, weights)])) };
}

function retryPolicy(...layers: readonly Document['retries'][]): RetryPolicy {
  const { attempts, budget, budget_floor, buffer, statuses, retry_after_max } = complete(RETRIES, ...layers);
  return {
    attempts,
    budget,
    budgetFloor: budget_floor,
    bufferBytes: buffer,
    statuses,
    retryAfterMaxMs: retry_after_max,
  };
}

function timeoutPolicy(...layers: readonly Document['timeouts'][]): Omit<TimeoutPolicy, keyof ConnectionPolicy> {
  const { first_byte, patience, patience_methods, idle, stream, ...rest } = complete(TIMEOUTS, ...layers);
  return {
    firstByteMs: first_byte,
    patienceMs: patience,
    patienceMethods: patience_methods,
    requestMs: rest.request === 'off' ? Number.POSITIVE_INFINITY : rest.request,
    requestHeader: rest.request_header,
    requestHeaderFrom: rest.request_header_from,
    idleMs: idle,
    streamMs: stream,
  };
}
