import type { Topology } from '../config/topology.ts';
import { CLOUDS_MAX } from '../config/topology-cloud.ts';
import type { Event } from '../table/event.ts';
import { qualityOf, type Source } from '../table/quality.ts';
import { SHORTAGE_CODES } from '../table/shortages.ts';
import { counter, EventSeries } from './event-series.ts';
import { FailoverSeries } from './failover-series.ts';
import { type Family, gauge } from './family.ts';
import { ThreadCounts } from './thread-counts.ts';

/** Loops and services are few; a limit all the same. */
const LOOPS_MAX = 64;
const SERVICES_SEEN_MAX = 1024;
/** Names of experiments are an operator's own. */
const EXPERIMENTS_SEEN_MAX = 256;
/** Clouds, over many reloads. */
const CLOUDS_SEEN_MAX = 4 * CLOUDS_MAX;

const CHAOS_STOPS: readonly string[] = ['expired', 'operator', 'guard', 'reload', 'fleet'];

/** Steps of a ladder below the endpoints. */
const OTHER_STEPS: readonly Source[] = ['cache', 'fallback', 'stale', 'none'];

export type EventCountsDeps = {
  /** The wall clock in milliseconds. */
  readonly wallMs: () => number;
  /** When the geo database that it began with was built, by the wall clock; later ones come by their events. */
  readonly geoBuiltAtMs: number;
  /** Whether it is the built-in one, and no file that somebody named. */
  readonly geoBuiltin: boolean;
  /** Names of the background loops, so that each has a series before it fails. */
  readonly loops: readonly string[];
};

/** What happens beside the requests, counted event by event. */
export class EventCounts {
  readonly #deps: EventCountsDeps;
  readonly #failovers = new FailoverSeries();
  readonly #degraded = new EventSeries(['service', 'quality', 'source'], SERVICES_SEEN_MAX * OTHER_STEPS.length);
  readonly #cacheFailures = new EventSeries(['service'], SERVICES_SEEN_MAX);
  readonly #panics = new EventSeries(['service'], SERVICES_SEEN_MAX);
  readonly #breakers = new EventSeries(['scope', 'cloud', 'to'], 2 * CLOUDS_SEEN_MAX * 3);
  readonly #reloads = new EventSeries(['result'], 2);
  readonly #geoSwaps = new EventSeries(['result'], 2);
  readonly #certificates = new EventSeries(['result'], 2);
  readonly #loopFailures = new EventSeries(['loop'], LOOPS_MAX);
  readonly #resolveFailures = new EventSeries([], 1);
  readonly #threads = new ThreadCounts();
  readonly #shortages = new EventSeries(['code'], SHORTAGE_CODES.length);
  readonly #unresolved = new Set<string>();
  readonly #injections = new EventSeries(['experiment', 'kind'], EXPERIMENTS_SEEN_MAX);
  readonly #chaosStops = new EventSeries(['reason'], CHAOS_STOPS.length);
  #reloadSuccess = 1;
  #reloadedAtMs: number;
  #geoBuiltAtMs: number;

  constructor(deps: EventCountsDeps) {
    this.#deps = deps;
    this.#reloadedAtMs = deps.wallMs();
    this.#geoBuiltAtMs = deps.geoBuiltAtMs;
    for (const result of ['success', 'rejected']) {
      this.#reloads.add([result], 0);
      this.#geoSwaps.add([result], 0);
      this.#certificates.add([result], 0);
    }
    for (const loop of deps.loops) this.#loopFailures.add([loop], 0);
    this.#resolveFailures.add([], 0);
    for (const code of SHORTAGE_CODES) this.#shortages.add([code], 0);
    for (const reason of CHAOS_STOPS) this.#chaosStops.add([reason], 0);
  }

  /** Makes the series of this topology exist, at 0. */
  follow(topology: Topology): void {
    for (const scope of ['endpoint', 'cloud']) {
      for (const cloud of topology.clouds) {
        for (const to of ['closed', 'half-open', 'open']) this.#breakers.add([scope, cloud, to], 0);
      }
    }
    for (const service of topology.services) {
      this.#panics.add([service.name], 0);
      if (service.degraded === undefined) continue;
      for (const source of OTHER_STEPS) {
        this.#degraded.add([service.name, qualityOf(source, 'well') ?? 'none', source], 0);
        this.#degraded.add([service.name, qualityOf(source, 'failed') ?? 'none', source], 0);
      }
      this.#cacheFailures.add([service.name], 0);
    }
    for (const { name, fault } of topology.chaos.experiments) this.#injections.add([name, fault.kind], 0);
    this.#failovers.follow(topology);
  }

  onEvent(event: Event): void {
    switch (event.type) {
      case 'failed-over':
        return this.#failovers.add([event.from, event.to, event.reason], event.count);
      case 'degraded':
        return this.#degraded.add([event.service, event.quality, event.source], event.count);
      case 'cache-failed':
        return this.#cacheFailures.add([event.service], 1);
      case 'panic':
        return this.#panics.add([event.service], event.count);
      case 'breaker-moved':
        return this.#breakers.add([event.scope, event.cloud, event.to], 1);
      case 'reloaded':
      case 'reload-rejected':
        return this.#reload(event.type === 'reloaded');
      case 'geo-swapped':
        this.#geoBuiltAtMs = event.builtAtMs;
        return this.#geoSwaps.add(['success'], 1);
      case 'geo-rejected':
        return this.#geoSwaps.add(['rejected'], 1);
      case 'loop-failed':
        return this.#loopFailures.add([event.loop], 1);
      case 'resolve-failed':
        this.#unresolved.add(event.host);
        return this.#resolveFailures.add([], 1);
      case 'resolve-recovered':
        return void this.#unresolved.delete(event.host);
      case 'resources-short':
        return this.#shortages.add([event.code], event.count);
      default:
        // The other events are in the log, or can be read off the table.
        this.#threads.onEvent(event);
        return this.#rare(event);
    }
  }

  #rare(event: Event): void {
    if (event.type === 'certificate-changed') this.#certificates.add(['success'], 1);
    else if (event.type === 'certificate-refused') this.#certificates.add(['rejected'], 1);
    if (event.type === 'chaos-started') this.#injections.add([event.experiment, event.kind], 0);
    else if (event.type === 'chaos-injected') this.#injections.add([event.experiment, event.kind], event.count);
    else if (event.type === 'chaos-stopped') this.#chaosStops.add([event.reason], 1);
  }

  families(): readonly Family[] {
    return [
      counter(
        'failovers_total',
        'Requests that were sent elsewhere after an attempt failed, by what failed.',
        this.#failovers,
      ),
      counter(
        'meridian_panics_total',
        'Attempts at an endpoint that was down, because nothing else was left.',
        this.#panics,
      ),
      counter(
        'meridian_degraded_answers_total',
        'Answers of services with a ladder that did not come from an endpoint, by how good they are; none are refusals.',
        this.#degraded,
      ),
      counter(
        'meridian_cache_failures_total',
        "Times that an edge thread found a service's store of copies not working.",
        this.#cacheFailures,
      ),
      counter('meridian_breaker_transitions_total', 'Changes of state of circuit breakers.', this.#breakers),
      counter('meridian_reloads_total', 'Times that the file was read again.', this.#reloads),
      counter('meridian_certificate_swaps_total', 'Times that PEM files of certificates changed.', this.#certificates),
      counter('meridian_geo_swaps_total', 'Times that the geo database file changed.', this.#geoSwaps),
      counter('meridian_loop_failures_total', 'Rounds of a background loop that failed.', this.#loopFailures),
      counter('meridian_resolve_failures_total', 'Host names that could not be resolved.', this.#resolveFailures),
      ...this.#threads.families(),
      gauge('meridian_unresolved_hosts', 'Host names whose last question failed, in whole or in part.', () => [
        { labels: {}, value: this.#unresolved.size },
      ]),
      counter(
        'meridian_resource_shortages_total',
        'Connections that this machine could not make for want of descriptors, ports or memory.',
        this.#shortages,
      ),
      counter('meridian_chaos_injections_total', 'Faults that experiments put in.', this.#injections),
      counter('meridian_chaos_stops_total', 'Experiments that ended, by why.', this.#chaosStops),
      gauge('meridian_reload_success', '1 when the file was good the last time it was read, 0 otherwise.', () => [
        { labels: {}, value: this.#reloadSuccess },
      ]),
      gauge('meridian_reload_timestamp_seconds', 'When a good file was last read, in Unix time.', () => [
        { labels: {}, value: this.#reloadedAtMs / 1000 },
      ]),
      gauge('meridian_geo_database_age_seconds', 'Time since the geo database in use was built.', () => [
        { labels: {}, value: (this.#deps.wallMs() - this.#geoBuiltAtMs) / 1000 },
      ]),
      gauge(
        'meridian_geo_database_builtin',
        '1 when the geo database is the built-in one, 0 when the file names another.',
        () => [{ labels: {}, value: this.#deps.geoBuiltin ? 1 : 0 }],
      ),
    ];
  }

  #reload(ok: boolean): void {
    this.#reloads.add([ok ? 'success' : 'rejected'], 1);
    this.#reloadSuccess = ok ? 1 : 0;
    if (ok) this.#reloadedAtMs = this.#deps.wallMs();
  }
}
