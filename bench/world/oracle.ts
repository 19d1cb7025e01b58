import { meanWaitMs } from '../../src/routing/queueing.ts';
import type { Flight, Router, Try } from './flight.ts';
import { cheapestFlow, type Pipe } from './flow.ts';
import { SERVICE_SIGMA } from './map.ts';
import type { Simulation } from './simulation.ts';

/** An endpoint as the oracle sees it. */
export type Site = { readonly servers: number; readonly serviceMs: number; readonly usable: boolean };

/** The oracle leaves servers idle for this part of the time, whatever comes: a queue that is always full is no use. */
export const BUSY_MAX = 0.97;
/** The price of waiting rises with the load in so many steps. */
const STEPS = 24;
/** To refuse a request costs more than any way and any wait. */
const REFUSED_MS = 100_000;
const VARIATION = Math.exp(SERVICE_SIGMA ** 2) - 1;
const TRIES_MAX = 3;

/**
 * Who should answer whom: requests a second from each edge to each endpoint (edge by edge), and then what each edge has to refuse,
 * such that the mean of round trip and wait over all requests is the least that it can be. `costMs` are true times from each
 * edge to each endpoint, `rates` requests a second at each edge. No endpoint is busier than `BUSY_MAX`.
 */
export function assignment(costMs: Float64Array, rates: Float64Array, sites: readonly Site[]): Float64Array {
  const [edges, endpoints] = [rates.length, sites.length];
  const [source, sink] = [edges + endpoints, edges + endpoints + 1];
  const pipes: Pipe[] = [];
  for (let edge = 0; edge < edges; edge += 1) {
    for (let to = 0; to < endpoints; to += 1) {
      const cost = costMs[edge * endpoints + to] as number;
      pipes.push({ from: edge, to: edges + to, most: Number.POSITIVE_INFINITY, cost });
    }
  }
  for (let edge = 0; edge < edges; edge += 1) {
    pipes.push({ from: edge, to: sink, most: Number.POSITIVE_INFINITY, cost: REFUSED_MS });
  }
  for (const [edge, rate] of rates.entries()) pipes.push({ from: source, to: edge, most: rate, cost: 0 });
  for (const [at, site] of sites.entries()) {
    if (site.usable) pipes.push(...waiting(edges + at, sink, site));
  }
  return cheapestFlow(edges + endpoints + 2, pipes, source, sink).subarray(0, edges * endpoints + edges);
}

/** The price of one request more at an endpoint, step by step: what it and all others wait for it. */
function waiting(from: number, to: number, { servers, serviceMs }: Site): readonly Pipe[] {
  const perSecond = 1000 / serviceMs;
  const step = (servers * BUSY_MAX) / STEPS;
  const total = (load: number) => load * meanWaitMs(servers, load, serviceMs, VARIATION);
  return Array.from({ length: STEPS }, (_, at) => ({
    from,
    to,
    most: step * perSecond,
    cost: (total((at + 1) * step) - total(at * step)) / step,
  }));
}

/**
 * Sends as the assignment says, which it makes anew the moment anything changes. Nobody else knows true round trips, true loads and
 * troubles at once. Each edge sends every request to the endpoint that is furthest behind its share, which is smoother than
 * chance. What fails all the same is sent where it is answered soonest.
 */
export class Oracle implements Router {
  readonly #world: Simulation;
  readonly #endpoints: number;
  #version = -1;
  #shares = new Float64Array(0);
  #owed = new Float64Array(0);

  constructor(world: Simulation) {
    this.#world = world;
    this.#endpoints = world.origins.length;
  }

  begin(flight: Flight): void {
    if (this.#version !== this.#world.version) this.#solve();
    const to = this.#next(flight.edge);
    if (to === this.#endpoints) this.#world.finish(flight, 503, -1);
    else this.#world.send(flight, to, Number.POSITIVE_INFINITY);
  }

  answered(one: Try): void {
    if (one.status >= 500 && this.#again(one.flight)) return;
    this.#world.finish(one.flight, one.status, one.endpoint);
  }

  failed(one: Try): void {
    if (!this.#again(one.flight)) this.#world.finish(one.flight, 502, -1);
  }

  impatient(): void {}

  /** Where an edge sends its next one; after the last endpoint comes refusing. */
  #next(edge: number): number {
    const width = this.#endpoints + 1;
    let next = 0;
    for (let to = 0; to < width; to += 1) {
      const at = edge * width + to;
      this.#owed[at] = (this.#owed[at] as number) + (this.#shares[at] as number);
      if (this.#owed[at] > (this.#owed[edge * width + next] as number)) next = to;
    }
    this.#owed[edge * width + next] = (this.#owed[edge * width + next] as number) - 1;
    return next;
  }

  #again(flight: Flight): boolean {
    if (flight.sent.length >= TRIES_MAX) return false;
    let soonest = -1;
    let soonestMs = Number.POSITIVE_INFINITY;
    const { serviceMs } = this.#world.map.layout;
    for (const [to, origin] of this.#world.origins.entries()) {
      if (!this.#isUsable(to) || flight.sent.some(({ endpoint }) => endpoint === to)) continue;
      const ms = this.#costMs(flight.edge, to) + origin.waitMs(serviceMs);
      if (ms < soonestMs) [soonest, soonestMs] = [to, ms];
    }
    if (soonest === -1) return false;
    this.#world.send(flight, soonest, Number.POSITIVE_INFINITY);
    return true;
  }

  #solve(): void {
    const world = this.#world;
    this.#version = world.version;
    const edges = world.map.edges.length;
    const costMs = new Float64Array(edges * this.#endpoints);
    for (let edge = 0; edge < edges; edge += 1) {
      for (let to = 0; to < this.#endpoints; to += 1) costMs[edge * this.#endpoints + to] = this.#costMs(edge, to);
    }
    const { serviceMs } = world.map.layout;
    const sites = world.origins.map(({ servers }, to) => ({ servers, serviceMs, usable: this.#isUsable(to) }));
    const flows = assignment(costMs, world.edgeRates, sites);
    const width = this.#endpoints + 1;
    this.#shares = new Float64Array(edges * width);
    this.#owed = new Float64Array(edges * width);
    for (let edge = 0; edge < edges; edge += 1) {
      const rate = world.edgeRates[edge] as number;
      for (let to = 0; to < this.#endpoints; to += 1) {
        this.#shares[edge * width + to] = (flows[edge * this.#endpoints + to] as number) / rate;
      }
      this.#shares[edge * width + this.#endpoints] = (flows[edges * this.#endpoints + edge] as number) / rate;
    }
  }

  #isUsable(endpoint: number): boolean {
    const { kind } = (this.#world.origins[endpoint] as Simulation['origins'][number]).trouble;
    return kind === 'well' || kind === 'slow';
  }

  #costMs(edge: number, endpoint: number): number {
    const { trouble } = this.#world.origins[endpoint] as Simulation['origins'][number];
    return this.#world.rttMs(edge, endpoint) + (trouble.kind === 'slow' ? (trouble.ms ?? 0) : 0);
  }
}
