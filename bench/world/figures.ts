import type { Flight } from './flight.ts';
import { Histogram } from './histogram.ts';
import { awayMs, BIN_MS, backMs, keptShare, waverOf } from './loads.ts';
import type { WorldMap } from './map.ts';
import type { Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';

/** An answer that a client calls slow. */
const SLOW_MS = 1000;

/**
 * What one run of a scenario has come to. Shares are 0 to 1. Times are in ms, from when a request is at its edge to when its answer
 * is: a client's way to its edge is the same whoever decides there, and would only make all look more alike.
 */
export type Summary = {
  readonly requests: number;
  /** Of requests that were answered well. */
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly failedGet: number;
  readonly failed: number;
  readonly slow: number;
  /** Answered by an endpoint on another continent than the client's. */
  readonly abroad: number;
  /** How busy the servers of the busiest endpoint were, and those of all. */
  readonly busiest: number;
  readonly busy: number;
  /** Standard deviation of the tries that an endpoint gets in a second, over that of chance. */
  readonly waver: number;
  /** Tries that faulty endpoints still get from ten seconds on, over those before. */
  readonly kept: number;
  readonly awayMs: number;
  readonly backMs: number;
  /** Failed requests over those that come in a second. */
  readonly failedMs: number;
  /** The longest time in which one endpoint had more requests than it is built for. */
  readonly overMs: number;
  /** Jain's index of the clouds' requests over their servers: 1 when all have the same, 1/3 when one has all. */
  readonly fairness: number;
};

/** Counts what happens in a world, and makes a summary of it. */
export class Figures {
  readonly #map: WorldMap;
  readonly #scenario: Scenario;
  readonly #latency = new Histogram();
  readonly #bins: readonly Float64Array[];
  readonly #answers: Float64Array;
  readonly #overMs: Float64Array;
  #overMaxMs = 0;
  #tookMs = 0;
  #fromMs = Number.POSITIVE_INFINITY;
  #gets = 0;
  #failedGets = 0;
  #requests = 0;
  #failed = 0;
  #slow = 0;
  #abroad = 0;
  #busy: readonly number[] = [];

  constructor(map: WorldMap, scenario: Scenario) {
    this.#map = map;
    this.#scenario = scenario;
    const bins = Math.ceil(scenario.endMs / BIN_MS) + 1;
    this.#bins = map.endpoints.map(() => new Float64Array(bins));
    this.#answers = new Float64Array(map.endpoints.length);
    this.#overMs = new Float64Array(map.endpoints.length);
  }

  begin(world: Simulation): void {
    this.#fromMs = world.nowMs;
    this.#look(world);
  }

  /** Looks again and again how long endpoints have had more than they are built for. */
  #look(world: Simulation): void {
    for (const [at, { load }] of world.origins.entries()) {
      const over = load > (this.#map.endpoints[at] as WorldMap['endpoints'][number]).capacity;
      const overMs = over ? (this.#overMs[at] as number) + BIN_MS : 0;
      this.#overMs[at] = overMs;
      this.#overMaxMs = Math.max(this.#overMaxMs, overMs);
    }
    world.call(world.nowMs + BIN_MS, () => this.#look(world));
  }

  sent(nowMs: number, endpoint: number): void {
    const bins = this.#bins[endpoint] as Float64Array;
    const at = (nowMs / BIN_MS) | 0;
    bins[at] = (bins[at] as number) + 1;
  }

  finished(nowMs: number, flight: Flight, status: number, endpoint: number): void {
    if (flight.startMs < this.#fromMs) return;
    const ms = nowMs - flight.startMs;
    this.#requests += 1;
    if (flight.get) this.#gets += 1;
    if (ms > SLOW_MS) this.#slow += 1;
    if (status >= 500) {
      this.#failed += 1;
      if (flight.get) this.#failedGets += 1;
      return;
    }
    this.#latency.add(ms);
    this.#answers[endpoint] = (this.#answers[endpoint] as number) + 1;
    const { continent } = this.#map.endpoints[endpoint] as WorldMap['endpoints'][number];
    if (continent !== this.#map.sites[flight.site]?.continent) this.#abroad += 1;
  }

  end({ origins, nowMs }: Simulation): void {
    this.#tookMs = nowMs - this.#fromMs;
    this.#busy = origins.map(({ busyMs, servers }) => busyMs / servers / this.#tookMs);
  }

  summary(): Summary {
    const { fault, waver } = this.#scenario;
    const latency = this.#latency;
    const hurt = fault && { ...fault, bins: fault.endpoints.map((at) => this.#bins[at] as Float64Array) };
    return {
      requests: this.#requests,
      meanMs: latency.mean,
      p50Ms: latency.quantile(0.5),
      p95Ms: latency.quantile(0.95),
      p99Ms: latency.quantile(0.99),
      failedGet: this.#failedGets / this.#gets,
      failed: this.#failed / this.#requests,
      slow: this.#slow / this.#requests,
      abroad: this.#abroad / latency.count,
      busiest: Math.max(...this.#busy),
      busy: this.#busy.reduce((sum, busy) => sum + busy, 0) / this.#busy.length,
      waver: waverOf(this.#bins, waver),
      kept: hurt === undefined ? Number.NaN : keptShare(hurt),
      awayMs: hurt === undefined ? Number.NaN : awayMs(hurt),
      backMs: hurt === undefined ? Number.NaN : backMs(hurt),
      failedMs: (this.#failed / this.#requests) * this.#tookMs,
      overMs: this.#overMaxMs,
      fairness: this.#fairness(),
    };
  }

  #fairness(): number {
    const byCloud = new Map<string, { answers: number; servers: number }>();
    for (const [at, { cloud, servers }] of this.#map.endpoints.entries()) {
      const sum = byCloud.get(cloud) ?? { answers: 0, servers: 0 };
      sum.answers += this.#answers[at] as number;
      sum.servers += servers;
      byCloud.set(cloud, sum);
    }
    const loads = [...byCloud.values()].map(({ answers, servers }) => answers / servers);
    const sum = loads.reduce((all, load) => all + load, 0);
    return sum ** 2 / (loads.length * loads.reduce((all, load) => all + load ** 2, 0));
  }
}
