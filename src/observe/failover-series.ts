import type { Service, Topology } from '../config/topology.ts';
import { OUTCOMES } from '../table/worker-block.ts';
import { EventSeries } from './event-series.ts';

/** Series that exist at 0 before anything has failed over. */
export const FAILOVERS_AT_START_MAX = 1000;
/** Series in all. */
const FAILOVERS_MAX = 4000;

/** Outcomes after which no request goes elsewhere. */
const NEVER: readonly string[] = [
  'success',
  'error-status',
  'unanswered',
  'overloaded',
  'agreed',
  'abandoned',
  'stale-connection',
];

/**
 * Why a request may go elsewhere: an answer with a status that is tried elsewhere is `status-503`, everything else is
 * the outcome of the attempt. The likeliest first, since they are given their series first.
 */
const REASONS = OUTCOMES.filter((outcome) => !NEVER.includes(outcome));

/**
 * Failovers from region to region. A counter that first appears at 1 looks to Prometheus like one that never grew, so
 * those that may come are there at 0 from the start: every ordered pair of a service's regions, for one reason after
 * the other, as long as there is room.
 */
export class FailoverSeries extends EventSeries {
  constructor() {
    super(['from_region', 'to_region', 'reason'], FAILOVERS_MAX);
  }

  /** Adds, at 0, what may fail over in this topology. */
  follow(topology: Topology): void {
    const pairs = topology.services.map((service) => ({ service, pairs: regionPairs(service) }));
    for (const reason of REASONS) {
      for (const of of pairs) this.#zero(of.pairs, reason);
    }
    for (const { service, pairs: of } of pairs) {
      for (const status of service.retries.statuses) this.#zero(of, `status-${status}`);
    }
  }

  #zero(pairs: readonly (readonly [string, string])[], reason: string): void {
    for (const [from, to] of pairs) {
      if (this.size >= FAILOVERS_AT_START_MAX) return;
      this.add([from, to, reason], 0);
    }
  }
}

/** Ordered pairs of different regions; no more are made than there can be series at the start. */
function regionPairs(service: Service): readonly (readonly [string, string])[] {
  const regions = [...new Set(service.endpoints.map((endpoint) => endpoint.region))];
  const pairs: [string, string][] = [];
  for (const from of regions) {
    for (const to of regions) {
      if (pairs.length >= FAILOVERS_AT_START_MAX) return pairs;
      if (from !== to) pairs.push([from, to]);
    }
  }
  return pairs;
}
