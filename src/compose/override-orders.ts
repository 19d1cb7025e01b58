import type { FleetOrders, Refusal } from '../admin/ports.ts';
import { findRegion } from '../config/cloud-regions.ts';
import { isInScope, type OverrideScope, scopesReaching, scopeText } from '../config/override-scope.ts';
import { endpointsOf, ownersOf, servicesOf } from '../config/owners.ts';
import { type OverrideOrder, type OverrideVerb, readOverrideOrder } from '../config/read-override.ts';
import { nearest } from '../config/suggest.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { InForce } from '../fleet/override.ts';
import { effectOn } from '../fleet/override-effects.ts';
import { ENDPOINT_RECORDS_MAX, type Overrides } from '../fleet/overrides.ts';
import type { ScopedOverrides } from '../fleet/scoped-overrides.ts';
import { type ShownOverride, shownOverride } from './fleet-answer.ts';

export type OverrideOrdersDeps = {
  readonly topology: () => Topology;
  readonly fleet: Pick<Fleet, 'status'>;
  readonly shared: boolean;
  readonly overrides: Pick<Overrides, 'inForce' | 'scoped' | 'set' | 'hasRoomFor'>;
};

/** What became of an order. */
export type OverrideAnswer = {
  readonly kind: OverrideOrder['kind'];
  readonly scope: string;
  /** Null: it is lifted. */
  readonly level: number | null;
  readonly until: string | null;
  /** The edge that was asked, and the region whose store is its primary. */
  readonly edge: string;
  readonly region: string;
  /** Endpoints of this edge's file that it reaches. */
  readonly endpoints: number;
  /** `primary`: the store has it. `here`: not yet. `alone`: there is no fleet, it ends with this process. */
  readonly stored: 'primary' | 'here' | 'alone';
  /** Why it is not stored yet, in words. */
  readonly trouble: string;
  /** Everything in force that reaches any of the endpoints. */
  readonly inForce: readonly ShownOverride[];
};

/** Endpoints and places that an answer names. */
const NAMED_MAX = 16;

/** Carries out operators' orders about endpoints. */
export function overrideOrders(deps: OverrideOrdersDeps): FleetOrders['order'] {
  return async (verb: OverrideVerb, body: unknown) => {
    const order = readOverrideOrder(verb, body, deps.topology().clouds);
    if ('problems' in order) {
      return { error: `that is no ${verb}`, status: 422, ...order, ...placeMeant(body, deps.topology()) };
    }
    const endpoints = endpointsOf(deps.topology());
    const reached = endpoints.filter((endpoint) => isInScope(order.scope, endpoint));
    const refusal = refusalOf(order, reached, deps);
    if (refusal !== undefined) return refusal;
    const put = await deps.overrides.set(order).catch(refused);
    if ('error' in put) return put;
    const { stored } = put;
    const { edge, region, regions } = deps.fleet.status();
    const { kind, level } = order;
    const scope = scopeText(order.scope);
    const inForce = reaching(reached, deps.overrides.inForce).map(shownOverride);
    return {
      kind,
      scope,
      level,
      until: inForce.find((one) => one.kind === kind && one.scope === scope)?.until ?? null,
      edge,
      region,
      endpoints: reached.length,
      stored: deps.shared ? stored : 'alone',
      trouble: stored === 'here' ? (regions.find(({ role }) => role === 'primary')?.trouble ?? '') : '',
      inForce,
    } satisfies OverrideAnswer;
  };
}

/** Who names a region alone means the cloud that has it. */
function placeMeant(body: unknown, topology: Topology): { readonly fix?: string } {
  const said = typeof body === 'object' && body !== null && 'cloud' in body ? body.cloud : undefined;
  if (typeof said !== 'string') return {};
  const all = endpointsOf(topology);
  const here = all.filter(({ region }) => region === said.toLowerCase()).map(({ cloud }) => cloud);
  const known = CLOUDS.filter((cloud) => findRegion(cloud, said.toLowerCase()) !== undefined);
  const places = (here.length > 0 ? here : known).map((cloud) => `${cloud}/${said.toLowerCase()}`);
  if (places.length === 0) return {};
  return { fix: `did you mean ${[...new Set(places)].join(' or ')}? A region is named with its cloud` };
}

/** The store refuses it for good, such as one record too many: that is no error of this process. */
function refused(error: unknown): Refusal {
  if (!(error instanceof RangeError)) throw error;
  return {
    error: `the fleet does not keep it: ${error.message}`,
    status: 409,
    fix: 'name a larger scope that is there',
  };
}

function refusalOf(order: OverrideOrder, reached: readonly Endpoint[], deps: OverrideOrdersDeps): Refusal | undefined {
  const { overrides, topology } = deps;
  if (reached.length === 0) return nothingThere(order.scope, topology());
  if (order.level === null) return nothingToLift(order, reached, overrides.inForce);
  if (!overrides.hasRoomFor(order)) {
    const error = `${ENDPOINT_RECORDS_MAX} endpoints have records already, those included whose overrides have ended`;
    return { error, status: 409, fix: 'name the cloud and region instead; these always have room' };
  }
  const left = order.level === 0 && !order.force ? emptied(order, topology(), overrides.scoped) : [];
  if (left.length === 0) return undefined;
  const error = `it would leave ${left.join(', ')} without an endpoint, and every request of it with a 503`;
  return { error, status: 409, fix: 'drain less, or send "force": true (--force)' };
}

function nothingThere(scope: OverrideScope, topology: Topology): Refusal {
  const all = endpointsOf(topology);
  const error = `this edge has no endpoint in ${scopeText(scope)}`;
  if ('endpoint' in scope) {
    const ids = nearest(
      scope.endpoint,
      all.map(({ id }) => id),
      NAMED_MAX,
    );
    return { error, status: 404, fix: `the nearest are: ${ids.join(', ')}` };
  }
  const within = all.filter(({ service }) => scope.service === undefined || scope.service === service);
  if (within.length === 0) return { error, status: 404, fix: ownersFix(scope.service, topology) };
  return { error, status: 404, fix: `there are: ${named(within.map(({ cloud, region }) => `${cloud}/${region}`))}` };
}

/** Who has endpoints; of a service that has none, whose it sends to. */
function ownersFix(service: string | undefined, topology: Topology): string {
  const backends = topology.services.find(({ name }) => name === service)?.backends ?? [];
  if (backends.length === 0) return `services are: ${named(ownersOf(topology).map(({ name }) => name))}`;
  const names = backends.map(({ name }) => name);
  const users = [...new Set(names.flatMap((name) => servicesOf(topology, name)))];
  return `its endpoints are those of the backend ${named(names)}, which ${named(users)} send to; name that in place of the service`;
}

/** Only what was said for this very scope can be lifted: the drain of a region does not end because an endpoint is undrained. */
function nothingToLift(
  order: OverrideOrder,
  reached: readonly Endpoint[],
  inForce: readonly InForce[],
): Refusal | undefined {
  const text = scopeText(order.scope);
  const same = inForce.filter(({ kind }) => kind === order.kind);
  if (same.some(({ scope }) => scopeText(scope) === text)) return undefined;
  const others = reaching(reached, same).map(({ scope }) => scopeText(scope));
  const error = `there is no ${order.kind} of ${text} in force on this edge`;
  const fix =
    others.length === 0 ? 'nothing has to be lifted' : `what reaches it is that of ${named(others)}; lift that`;
  return { error, status: 404, fix };
}

/** Services of which this order drains the last endpoint that still gets requests. */
function emptied(order: OverrideOrder, { services }: Topology, scoped: ScopedOverrides): readonly string[] {
  const isDrained = (endpoint: Endpoint) => effectOn(endpoint, scoped).drained;
  const after = (endpoint: Endpoint) => isInScope(order.scope, endpoint) || isDrained(endpoint);
  return services
    .filter(({ endpoints }) => endpoints.every(after) && !endpoints.every(isDrained))
    .map(({ name }) => name);
}

function reaching(endpoints: readonly Endpoint[], inForce: readonly InForce[]): readonly InForce[] {
  const scopes = new Set(endpoints.flatMap(scopesReaching));
  return inForce.filter(({ scope }) => scopes.has(scopeText(scope)));
}

function named(all: readonly string[]): string {
  const once = [...new Set(all)];
  const more = once.length - NAMED_MAX;
  return [...once.slice(0, NAMED_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
