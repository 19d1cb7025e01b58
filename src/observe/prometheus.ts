import { ownersOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import type { Event } from '../table/event.ts';
import { invariant } from '../table/invariant.ts';
import { LoopDelay } from '../table/loop-delay.ts';
import type { Placement } from '../table/placement.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import { cacheFamilies } from './cache-families.ts';
import { CheckCounts } from './check-counts.ts';
import { CountryRanking } from './country-ranking.ts';
import { edgeFamilies, type ReplicationLag } from './edge-families.ts';
import { endpointFamilies } from './endpoint-families.ts';
import { type EndpointSurvey, surveyEndpoints } from './endpoint-survey.ts';
import { EventCounts, type EventCountsDeps } from './event-counts.ts';
import { CONTENT_TYPES, type ExpositionFormat, expositionText, type ReadFamily } from './exposition-text.ts';
import type { Family } from './family.ts';
import { loopFamilies } from './loop-families.ts';
import { OrderCounts } from './order-counts.ts';
import { requestFamilies } from './request-families.ts';
import { CELL, RequestTotals, type SpotReading } from './request-totals.ts';
import { serviceFamilies } from './service-families.ts';
import { type ServiceReading, ServiceTotals } from './service-totals.ts';
import { threadFamilies } from './thread-families.ts';

export type MetricsDeps = EventCountsDeps & {
  readonly table: EndpointTable;
  /** One for each edge thread, in the order of their numbers. */
  readonly blocks: readonly WorkerBlock[];
  readonly topology: () => Topology;
  readonly placement: () => Placement;
  readonly version: string;
  /** The clock of the edge threads, in milliseconds. */
  readonly nowMs: () => number;
  /** Lines that the control thread's own log has dropped; those of edge threads are in their blocks. */
  readonly controlLogDropped: () => number;
};

export type Exposition = { readonly contentType: string; readonly body: string };

export type EndpointCounts = { readonly requests: number; readonly errors: number; readonly tries: number };

/**
 * What prom-client has and we leave out: gauges that are named like counters, each the sum of another one; and figures
 * of event-loop lag that wake the thread a hundred times a second, and are no number, or an absurd one, when two scrapes come
 * shortly after each other. What is of use of them is in `loopFamilies`. And what it asks `process._getActiveHandles()` and
 * `_getActiveRequests()`: Node 26 has aborted there (`AsyncWrap::GetOwner`, assertion `!obj.IsEmpty()`), so a scrape could have ended the
 * edge. `nodejs_active_resources` counts both by type and builds no objects for it.
 */
const LEFT_OUT = [
  'nodejs_active_handles',
  'nodejs_active_requests',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
];
const PREFIX = 'meridian_';
/** How often prom-client looks how late the event loop is, whose figures are left out: never, as far as it lets us. */
const NEVER_MS = 24 * 60 * 60 * 1000;

/**
 * All metrics of the process. A scrape reads the table and the threads' counters; between scrapes nothing is done, so a
 * request costs no more than the additions that its thread makes. Belongs to the control thread.
 */
export class Metrics {
  readonly checks = new CheckCounts();
  readonly #deps: MetricsDeps;
  readonly #services: ServiceTotals;
  readonly #orders: OrderCounts;
  readonly #families: Family[] = [];
  #opening: Promise<ReadProcess> | undefined;
  /** What the series were last made for. */
  #followed: Partial<{ topology: Topology; placement: Placement }> = {};
  readonly #totals: RequestTotals;
  readonly #events: EventCounts;
  #lags: () => readonly ReplicationLag[] | undefined = () => undefined;
  #reading: readonly SpotReading[] = [];
  #serviceReading: readonly ServiceReading[] = [];
  #survey: EndpointSurvey = { regions: [], services: [], cloudBreakers: [] };

  constructor(deps: MetricsDeps) {
    this.#deps = deps;
    this.#totals = new RequestTotals(deps.table, deps.blocks);
    this.#events = new EventCounts(deps);
    this.#services = new ServiceTotals(deps.blocks, (ms) => deps.wallMs() - (deps.nowMs() - ms));
    this.#orders = new OrderCounts(() => deps.topology().edge.id);
    const countries = new CountryRanking(deps.blocks, deps.nowMs);
    this.#follow();
    this.#register(requestFamilies(() => this.#reading));
    this.#register(endpointFamilies(() => this.#survey));
    this.#register(edgeFamilies({ ...deps, lags: () => this.#lags() }));
    this.#register(this.#events.families());
    const services = () => this.#serviceReading;
    this.#register([...serviceFamilies(services), ...cacheFamilies(services, deps.topology), countries.family()]);
    this.#register([...this.checks.families(), ...this.#orders.families()]);
    this.#register(threadFamilies(deps.blocks, deps.controlLogDropped));
    this.#register(loopFamilies(new LoopDelay()));
  }

  /** Loads what knows the process's own figures, if it is not loaded: at the first scrape at the latest. From then on GC is counted. */
  async open(): Promise<void> {
    await this.#open();
  }

  /** The exposition of everything, as of now. OpenMetrics has exemplars; the text format, which everybody can read, has none. */
  async render(format: ExpositionFormat = 'text'): Promise<Exposition> {
    const ofProcess = await (await this.#open())();
    const { topology, placement, table } = this.#deps;
    if (topology() !== this.#followed.topology || placement() !== this.#followed.placement) this.#follow();
    this.#reading = this.#totals.read();
    const regionOf = ({ region, cloud }: { region: string; cloud: string }) =>
      this.#totals.spotOf(region, cloud).labels['region'] as string;
    this.#survey = surveyEndpoints({ topology: topology(), placement: placement(), table, regionOf });
    this.#serviceReading = this.#services.read();
    const ours = this.#families.map((family): ReadFamily => ({ ...family, values: family.samples() }));
    return { contentType: CONTENT_TYPES[format], body: expositionText(format, [...ofProcess, ...ours]) };
  }

  onEvent(event: Event): void {
    this.#events.onEvent(event);
    this.#orders.onEvent(event);
    if (event.type === 'reloaded') this.#follow();
  }

  /** To be called before a row is given to another endpoint: what was counted in it stays with the one that had it. */
  retire(row: number): void {
    this.#totals.retire(row);
  }

  /** What the endpoint that has a row now has answered and been tried for; its predecessors on the row not counted. */
  counted(row: number): EndpointCounts {
    const cells = this.#totals.readRow(row);
    const errors = cells[CELL.error] as number;
    const tries = cells.subarray(CELL.outcomes).reduce((sum, cell) => sum + cell, 0);
    return { requests: (cells[CELL.success] as number) + errors, errors, tries };
  }

  /** From where the lags of a fleet are read at each scrape; until then there is one series, of this edge with itself. */
  readReplicationLags(lags: () => readonly ReplicationLag[]): void {
    this.#lags = lags;
  }

  /** Adds what another part of the house can report; to be called once for each. */
  add(families: readonly Family[]): void {
    this.#register(families);
  }

  #follow(): void {
    const topology = this.#deps.topology();
    const placement = this.#deps.placement();
    this.#followed = { topology, placement };
    this.#totals.follow(topology, placement);
    this.#services.follow(topology, placement);
    this.#events.follow(topology);
    this.#orders.follow(topology);
    this.checks.follow(ownersOf(topology));
  }

  #register(families: readonly Family[]): void {
    for (const family of families) {
      const isNew = !this.#families.some(({ name }) => name === family.name);
      if (invariant(isNew, 'family that two parts tell of')) this.#families.push(family);
    }
  }

  #open(): Promise<ReadProcess> {
    this.#opening ??= openProcess();
    return this.#opening;
  }
}

type ReadProcess = () => Promise<readonly ReadFamily[]>;

/**
 * prom-client's own metrics of the process, less what is left out. Loading it takes 35 ms, which a start does not wait for. It only
 * counts: what it would write is ours to write (`exposition-text.ts`), in a fifth of the time.
 */
async function openProcess(): Promise<ReadProcess> {
  const { collectDefaultMetrics, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX, eventLoopMonitoringPrecision: NEVER_MS });
  for (const name of LEFT_OUT) registry.removeSingleMetric(PREFIX + name);
  const metrics = registry.getMetricsAsArray() as unknown as readonly Readable[];
  return () => Promise.all(metrics.map(readLibrary));
}

/** What the library's metrics have, beside what its types say. */
type Readable = { readonly get: () => Promise<ReadFamily> };

/** Its histograms have `null` for an exemplar that nobody gave. */
async function readLibrary(metric: Readable): Promise<ReadFamily> {
  const family = await metric.get();
  return { ...family, values: family.values.map((sample) => ({ ...sample, exemplar: undefined })) };
}
