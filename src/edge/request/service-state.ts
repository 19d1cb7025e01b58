import type { Service, Topology } from '../../config/topology.ts';
import { RetryBudget } from '../../resilience/retry-budget.ts';
import type { Ask } from '../../routing/ask.ts';
import { freshAsk } from '../../routing/fresh-ask.ts';
import { type ServiceView, viewOf } from '../../routing/view.ts';
import type { Placement } from '../../table/placement.ts';
import { type ClientFences, clientFences } from './client-fences.ts';
import { Hedges } from './hedges.ts';
import { LatencyRows, latencyKey } from './latency-rows.ts';
import { type MessageRules, messageRules } from './message-rules.ts';
import { type MirrorTarget, mirrorTarget } from './mirror-target.ts';
import { type ServiceLimits, serviceLimits } from './service-limits.ts';
import { ShedRanks } from './shed-ranks.ts';
import { StickyClients } from './sticky-clients.ts';

/** One service in one edge thread: what a decision reads, and the question that is asked anew for each request. */
export type ServiceState = {
  readonly view: ServiceView;
  readonly latencies: LatencyRows;
  readonly budget: RetryBudget;
  readonly ask: Ask;
  /** What is changed in messages; undefined: nothing. */
  readonly rules: MessageRules | undefined;
  /** Undefined when every endpoint may serve every client. */
  readonly fences: ClientFences | undefined;
  /** Undefined when it has none. */
  readonly limits: ServiceLimits | undefined;
  /** Bytes that a request's body may have; infinite where it has no limit. */
  readonly bodyBytesMax: number;
  /** How long nothing may come of it, in ms; infinite likewise. */
  readonly bodyPauseMs: number;
  readonly hedges: Hedges | undefined;
  /** Who gets copies of its requests; undefined: nobody. */
  readonly mirror: MirrorTarget | undefined;
  readonly shedding: ShedRanks | undefined;
  /** Undefined when nobody is kept with anybody. */
  readonly sticky: StickyClients | undefined;
};

/**
 * Makes the state of a service; a reload that leaves the retry policy alone keeps the budget as it stands, and one that leaves its
 * endpoints where they are keeps what has been worked out about distances.
 */
export function serviceState(
  service: Service,
  topology: Topology,
  at: { readonly placement: Placement; readonly nowMs: number },
  previous: ServiceState | undefined,
): ServiceState {
  const view = viewOf(service, at.placement);
  return {
    view,
    latencies: keptLatencies(service, topology, previous) ?? new LatencyRows(service, topology.edge.place),
    rules: messageRules(service),
    budget: keptBudget(service, previous) ?? newBudget(service, at.nowMs),
    ask: freshAsk(view, { nowMs: at.nowMs, mayProbe: true }),
    fences: clientFences(service),
    limits: serviceLimits(service, view.slot),
    bodyBytesMax: service.limits?.bodyBytesMax ?? Number.POSITIVE_INFINITY,
    bodyPauseMs: service.limits?.bodyPauseMs ?? Number.POSITIVE_INFINITY,
    shedding: service.shed && new ShedRanks(service.shed),
    mirror: mirrorTarget(service, topology, at.placement),
    hedges: service.hedge && new Hedges(service.hedge, service.endpoints.length),
    sticky: service.sticky && new StickyClients(service, service.sticky),
  };
}

function newBudget({ retries }: Service, nowMs: number): RetryBudget {
  return new RetryBudget(retries.budget, retries.budgetFloor, nowMs);
}

function keptBudget({ retries }: Service, previous: ServiceState | undefined): RetryBudget | undefined {
  const before = previous?.view.service.retries;
  return before?.budget === retries.budget && before.budgetFloor === retries.budgetFloor ? previous?.budget : undefined;
}

function keptLatencies(
  service: Service,
  { edge }: Topology,
  previous: ServiceState | undefined,
): LatencyRows | undefined {
  return previous?.latencies.key === latencyKey(service, edge.place) ? previous.latencies : undefined;
}
