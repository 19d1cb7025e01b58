import { isDeepStrictEqual } from 'node:util';
import { placeOfEndpoint } from '../config/endpoint-id.ts';
import { ownersOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import type { EndpointPolicy } from '../config/topology-policy.ts';
import { CheckWitness } from '../resilience/check-witness.ts';
import type { AddressBook } from '../table/addresses.ts';
import type { EndpointTable } from '../table/endpoint-table.ts';
import { JITTER, type LoopDeps, runLoop } from '../table/loop.ts';
import type { Placement } from '../table/placement.ts';
import { Schedule } from '../table/schedule.ts';
import { Shortages } from '../table/shortages.ts';
import { type WorkerBlock, workerBlock } from '../table/worker-block.ts';
import { Assigner } from './assigner.ts';
import type { CheckTarget, OpenProber } from './check.ts';
import { untilNextCheckMs } from './check-period.ts';
import { type CheckReport, lastCheck } from './check-report.ts';
import { type OriginPem, targetOf, textsFor } from './check-target.ts';
import { breakersOf, type CheckedEndpoint } from './checked-endpoint.ts';
import { ClientRoundTrips } from './client-round-trips.ts';
import { Doubts } from './doubts.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { FirstRound } from './first-round.ts';
import { LoadMeter } from './load-meter.ts';
import { Outage } from './outage.ts';
import { OwnersTrips } from './owners-trips.ts';
import { TRAFFIC_PERIOD_MS, totalsOf } from './traffic.ts';

export type MonitorDeps = LoopDeps & {
  readonly table: EndpointTable;
  readonly openProber: OpenProber;
  /** Called for every check that was made, with how it went and how long it took. */
  readonly checked?: (service: string, good: boolean, tookMs: number) => void;
};

/** Why a health check moves a breaker. */
const CHECK_PASSED = 'a health check passed';

/** Checks under way at a time, over all services. */
export const CHECKS_MAX = 256;
/** The first check of an endpoint comes within this time after the endpoint did. */
const FIRST_CHECK_MS = 500;
/** A name that only discovery can turn into addresses is given this long before its endpoint counts as unreachable. */
const ADDRESS_PATIENCE_MS = 5000;
const ADDRESS_RETRY_MS = 250;
/** The loop looks for what is due no more and no less often than this, so that many endpoints share one look. */
const WAKE_MIN_MS = 20;
const WAKE_MAX_MS = 500;

/**
 * The health loops of all endpoints: one that checks each of them at its service's interval, all side by side, and one
 * that reads every second what the traffic says. Both write the table's `health`, `state`, `checksGood`, `latencyMs`,
 * `errorRate`, `starting` and `rampFromMs` and nobody else does, except that a closing breaker starts a ramp too. A third
 * looks at loads and at how long requests take, four times a second: it writes `inFlightMean`, `cloudShare`, `rttMs`, `slowMs`, `tooSlow`, `atEndpoint` and `capacityFit`. A fourth listens, ten times a second, for what requests meet that a check should
 * be asked about at once, and writes `silent`.
 */
export class HealthMonitor {
  readonly #deps: MonitorDeps;
  readonly #blocks: readonly WorkerBlock[];
  readonly #schedule: Schedule<CheckedEndpoint>;
  readonly #firstRound: FirstRound;
  readonly #load: LoadMeter;
  readonly #doubts: Doubts;
  readonly #outage = new Outage();
  readonly #assigner: Assigner;
  readonly #trips = new OwnersTrips();
  readonly #witness: CheckWitness;
  readonly #stop = new AbortController();
  readonly #shortages: Shortages;
  readonly #signal: AbortSignal;
  #current: ReadonlyMap<string, CheckedEndpoint> = new Map();
  #deployed: { readonly topology: Topology; readonly placement: Placement } | undefined;
  #book: AddressBook = {};
  #running: Promise<unknown> | undefined;

  constructor(deps: MonitorDeps) {
    this.#deps = deps;
    this.#shortages = new Shortages(deps.clock, deps.emit);
    this.#blocks = deps.table.shared.workers.map((_, worker) => workerBlock(deps.table.shared, worker));
    this.#schedule = new Schedule({
      inFlightMax: CHECKS_MAX,
      clock: deps.clock,
      run: (one) => this.#check(one),
      onError: (error) => deps.emit({ type: 'loop-failed', loop: 'health', error: String(error) }),
    });
    this.#firstRound = new FirstRound(deps.table.live);
    this.#load = new LoadMeter(deps.table.live, this.#blocks);
    this.#doubts = new Doubts(deps.table.live, this.#blocks);
    this.#assigner = new Assigner(deps.table, this.#blocks, new ClientRoundTrips());
    this.#witness = new CheckWitness(deps.table, ({ row }, scope, move) => {
      const moved = [...this.#current.values()].find(({ health }) => health.row === row);
      if (moved === undefined) return;
      const { id: by, service, cloud, region } = moved.endpoint;
      const about = { scope, service, cloud, region: scope === 'cloud' ? '' : region, by, cause: CHECK_PASSED };
      deps.emit({ type: 'breaker-moved', ...about, ...move });
    });
    this.#signal = AbortSignal.any([deps.signal, this.#stop.signal]);
  }

  /** Starts the loops. Without this nothing is checked. */
  start(): void {
    const deps = { ...this.#deps, signal: this.#signal };
    const checks = {
      name: 'health',
      periodMs: () => Math.max(WAKE_MIN_MS, this.#schedule.untilDueMs(WAKE_MAX_MS)),
      tick: async () => this.#schedule.launch(),
    };
    const traffic = { name: 'traffic', periodMs: () => TRAFFIC_PERIOD_MS, tick: async () => this.#readTraffic() };
    const doubts = { name: 'doubts', periodMs: () => this.#doubts.periodMs, tick: async () => this.#doubt() };
    const load = { name: 'load', periodMs: () => this.#load.periodMs, tick: async () => this.#measureLoad() };
    this.#running ??= Promise.all([checks, traffic, doubts, load].map((loop) => runLoop(loop, deps)));
  }

  /**
   * Takes on a topology whose rows have been placed, and reset where they are new. Endpoints of the last one keep their
   * history, and their connection unless their target has changed; those that are gone are forgotten and hung up on.
   * Throws when a service's authorities cannot be read or an endpoint has no row; then nothing has changed.
   */
  update(topology: Topology, placement: Placement, pem: OriginPem): void {
    const next = this.#checkedEndpoints(topology, placement, pem);
    const nowMs = this.#deps.clock.nowMs();
    for (const [id, one] of this.#current) {
      if (next.get(id) === one) continue;
      this.#schedule.remove(one);
      one.prober.close();
    }
    for (const service of ownersOf(topology)) {
      const policy = service.health;
      for (const endpoint of service.endpoints) {
        const one = next.get(endpoint.id) as CheckedEndpoint;
        one.health.id = endpoint.id;
        one.health.policy = policy;
        one.breakers = breakersOf(endpoint, service, placement);
        const { id } = endpoint;
        if (this.#current.get(id) === one) continue;
        this.#schedule.add(one, nowMs + this.#deps.random() * Math.min(FIRST_CHECK_MS, policy.intervalMs));
      }
    }
    this.#current = next;
    this.#outage.update(topology);
    this.#deployed = { topology, placement };
    this.#trips.keep(placement);
    this.#doubts.keep(new Set(Object.values(placement.rows)));
    this.#firstRound.update(topology, placement, (id) => next.get(id)?.health.state !== 'unknown');
  }

  /** The addresses that checks connect to from now on. */
  setAddresses(book: AddressBook): void {
    this.#book = book;
  }

  /** How the checks of an endpoint stand; undefined for one that is not in force. */
  reportOf(id: string): CheckReport | undefined {
    const one = this.#current.get(id);
    return one && { reason: one.health.reason, last: one.last, nextMs: this.#schedule.dueMs(one) };
  }

  /** Stops the loops and closes all connections; nothing is written or emitted after it. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const { prober } of this.#current.values()) prober.close();
    await this.#running;
  }

  #checkedEndpoints(topology: Topology, placement: Placement, pem: OriginPem): ReadonlyMap<string, CheckedEndpoint> {
    const checkedEndpoints = new Map<string, CheckedEndpoint>();
    const known = new Map([...this.#current.values()].map((one) => [one.health.row, one]));
    try {
      for (const service of ownersOf(topology)) {
        for (const endpoint of service.endpoints) {
          const target = targetOf(endpoint, service, textsFor(endpoint, service, pem));
          checkedEndpoints.set(endpoint.id, this.#checkedEndpoint(endpoint, service, target, { placement, known }));
        }
      }
    } catch (error) {
      for (const [id, one] of checkedEndpoints) {
        if (this.#current.get(id) !== one) one.prober.close();
      }
      throw error;
    }
    return checkedEndpoints;
  }

  #checkedEndpoint(endpoint: Endpoint, service: EndpointPolicy, target: CheckTarget, at: At): CheckedEndpoint {
    const { placement, known } = at;
    const row = placement.rows[endpoint.id];
    if (row === undefined) throw new Error(`endpoint ${endpoint.id} has no row`);
    const last = known.get(row);
    const isSame = last !== undefined && placeOfEndpoint(last.endpoint.id) === placeOfEndpoint(endpoint.id);
    const history = isSame ? last.health : undefined;
    if (last?.endpoint.id === endpoint.id && isDeepStrictEqual(last.target, target)) return last;
    const sinceMs = this.#deps.clock.nowMs();
    return {
      endpoint,
      breakers: breakersOf(endpoint, service, placement),
      health: history ?? new EndpointHealth(endpoint.id, row, service.health, totalsOf(this.#blocks, row)),
      prober: this.#deps.openProber(target),
      target,
      sinceMs,
      last: isSame ? last.last : undefined,
      waitUntilMs: sinceMs + (endpoint.resolve === 'srv' ? ADDRESS_PATIENCE_MS : 0),
    };
  }

  /** One check, written to the table. Returns when the next is due. */
  async #check(one: CheckedEndpoint): Promise<number> {
    const { clock, random, table, emit } = this.#deps;
    const { health, prober, breakers } = one;
    const { id } = one.endpoint;
    const startMs = clock.nowMs();
    const addresses = this.#book[id] ?? [];
    if (addresses.length === 0 && startMs < one.waitUntilMs) return startMs + ADDRESS_RETRY_MS;
    const trips = this.#trips.of(one.endpoint.service);
    const result = await prober.check(addresses, trips.wantsHandshake(health.row));
    // What was asked of an endpoint that has gone or changed since says nothing.
    if (this.#signal.aborted || this.#current.get(id) !== one) return Number.POSITIVE_INFINITY;
    const nowMs = clock.nowMs();
    one.last = lastCheck(result, nowMs);
    if (result.shortage === undefined) {
      const wasDown = health.isDown;
      this.#deps.checked?.(one.endpoint.service, result.reachable, nowMs - startMs);
      const event = health.checked(result, table.live, nowMs);
      if (wasDown && !health.isDown) this.#recovered(one, nowMs);
      if (event !== undefined) emit(event);
      if (result.reachable) {
        this.#doubts.checked(health.row);
        this.#witness.passed(breakers, nowMs);
      }
      if (result.reachable && result.latencyMs !== undefined) {
        trips.checked(health.row, result.latencyMs, result.handshakeMs);
      }
      this.#load.checked(one.endpoint.service, health.row, result.load);
      this.#firstRound.checked(id);
    } else this.#shortages.note(result.shortage);
    return startMs + this.#waitMs(one, nowMs) * (1 + JITTER * (2 * random() - 1));
  }

  #recovered({ endpoint: { id, service }, breakers }: CheckedEndpoint, nowMs: number): void {
    this.#witness.recovered(breakers, nowMs);
    const others = this.#outage.endedBy(id, service, this.#isDown);
    this.#checkNow(others.map((other) => this.#current.get(other) as CheckedEndpoint));
  }

  #waitMs({ endpoint, health, sinceMs, breakers }: CheckedEndpoint, nowMs: number): number {
    const isOut = health.isDown && this.#outage.isTotal(endpoint.service, this.#isDown);
    const isSilent = this.#deps.table.live.silent[health.row] === 1;
    const usefulMs = this.#witness.untilUsefulMs(breakers, nowMs);
    const wayErrorMs = this.#trips.of(endpoint.service).wayErrorMs(health.row);
    const at = { nowMs, sinceMs, endpoints: this.#current.size, wayErrorMs };
    return untilNextCheckMs(health, { ...at, isOut, isSilent, usefulMs });
  }

  readonly #isDown = (id: string): boolean => this.#current.get(id)?.health.isDown === true;

  /** What requests have met is asked about. */
  #doubt(): void {
    const all = [...this.#current.values()];
    const rows = all.map(({ health }) => health.row);
    const nowMs = this.#deps.clock.nowMs();
    for (const one of all) if (one.health.isOnProbation(nowMs)) this.#count(one, nowMs);
    const clouds = all.map(({ breakers }) => breakers.cloudBreaker);
    const doubtful = this.#doubts.look(rows, clouds, nowMs);
    if (doubtful.size > 0) this.#checkNow(all.filter(({ health }) => doubtful.has(health.row)));
  }

  #checkNow(those: readonly CheckedEndpoint[]): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const one of those) this.#schedule.add(one, nowMs);
    if (those.length > 0) this.#schedule.launch();
  }

  #measureLoad(): void {
    if (this.#deployed === undefined) return;
    const { topology, placement } = this.#deployed;
    const nowMs = this.#deps.clock.nowMs();
    const { live } = this.#deps.table;
    this.#load.measure(topology, placement, nowMs);
    this.#trips.look(this.#deployed, this.#blocks, live, nowMs);
  }

  #readTraffic(): void {
    this.#shortages.flush();
    const nowMs = this.#deps.clock.nowMs();
    for (const one of this.#current.values()) this.#count(one, nowMs);
    if (this.#deployed === undefined) return;
    this.#assigner.look(this.#deployed, (name) => this.#trips.of(name), nowMs);
  }

  #count({ health }: CheckedEndpoint, nowMs: number): void {
    const { table, emit } = this.#deps;
    const event = health.counted(totalsOf(this.#blocks, health.row), table.live, nowMs);
    if (event !== undefined) emit(event);
  }
}

/** Where endpoints are in the table, and who had the rows before. */
type At = { readonly placement: Placement; readonly known: ReadonlyMap<number, CheckedEndpoint> };
