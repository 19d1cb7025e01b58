import type { Endpoint, Service, Topology } from '../config/topology.ts';
import type { HealthPolicy } from '../config/topology-policy.ts';
import { rampedShare } from '../resilience/ramp.ts';
import { withdrawnShare } from '../resilience/withdrawal.ts';
import { type Ask, type Live, liveOf } from '../routing/ask.ts';
import { assign, type Origin, type Site } from '../routing/assignment.ts';
import { declaredCapacityOf, OWN_MIN } from '../routing/load.ts';
import { NO_SET } from '../routing/split.ts';
import { STANDINGS, standingOf } from '../routing/standing.ts';
import { NOT_STUCK } from '../routing/sticky-choice.ts';
import { type ServiceView, viewOf } from '../routing/view.ts';
import { WaitPrice } from '../routing/wait-price.ts';
import { weightOf } from '../routing/weights.ts';
import { CLIENT_REGIONS, NOT_ASSIGNED } from '../table/assigned-cells.ts';
import { type EndpointTable, HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import type { ClientWays } from './client-ways.ts';
import type { RoundTrips } from './round-trips.ts';
import { nextServersFit } from './server-fit.ts';

/** Of a capacity so much is worked on at a time; the rest is what may wait. */
const AT_WORK = 0.5;
/** Over which time the rate of requests is taken: what is older counts for a third. */
const RATE_MEAN_MS = 5000;
/** A region with fewer requests a second is not worth a line of its own: the best is chosen for each of them. */
const RATE_MIN = 0.05;
/** What one look moves of the way to what it finds best: all edges look, and each sees the others' move seconds later. */
const MOVES = 0.25;

/**
 * With `select: optimal`: works out, once a second, who should answer whom, and writes each endpoint's share of the requests of each region of
 * clients. Requests come as they came in the last seconds; ways are as measured from this edge, or estimated from the regions where
 * clients' places count; what an endpoint can do is its capacity, as declared or learned.
 *
 * Other edges send there too. Each edge takes for its own that part of an endpoint which it has of all that is there now. Then all
 * of them see the same load on it, and where none of them wants to move any more, what the next request costs is the
 * same for every edge at all endpoints that it uses: that is the assignment which is the best for all edges together.
 */
export class Assigner {
  readonly #table: EndpointTable;
  readonly #live: Live;
  readonly #blocks: readonly WorkerBlock[];
  readonly #ways: ClientWays;
  readonly #states = new Map<string, State>();

  constructor(table: EndpointTable, blocks: readonly WorkerBlock[], ways: ClientWays) {
    this.#table = table;
    this.#live = liveOf(table);
    this.#blocks = blocks;
    this.#ways = ways;
  }

  /** One look at all services that assign. */
  look({ topology, placement }: Deployed, tripsOf: TripsOf, nowMs: number): void {
    const seen = new Set<string>();
    for (const service of topology.services) {
      if (service.routing.select !== 'optimal') continue;
      seen.add(service.name);
      this.#lookAt(this.#stateOf(service, placement), topology, { tripsOf, nowMs });
    }
    for (const name of this.#states.keys()) if (!seen.has(name)) this.#states.delete(name);
  }

  #stateOf(service: Service, placement: Placement): State {
    const known = this.#states.get(service.name);
    if (known?.view.service === service && known.placement === placement) return known;
    const cells = service.endpoints.length * CLIENT_REGIONS;
    const view = viewOf(service, placement);
    const state = {
      view,
      placement,
      rates: new Float64Array(CLIENT_REGIONS),
      totals: this.#demandOf(view.slot),
      atMs: Number.NaN,
      flows: new Float64Array(cells),
      fits: new Float64Array(service.endpoints.length).fill(1),
    };
    this.#states.set(service.name, state);
    this.#table.live.assignedAtMs[view.slot] = NOT_ASSIGNED;
    return state;
  }

  #lookAt(state: State, topology: Topology, { tripsOf, nowMs }: Now): void {
    this.#count(state, nowMs);
    const { view, rates } = state;
    const { columns } = this.#live;
    const ask = neutral(view, nowMs);
    const usable = view.service.endpoints.map((_, i) => TIERS[standingOf(view, i, this.#live, ask)] === 0);
    const sites = view.service.endpoints.map((_, i) => this.#siteOf(state, i, { tripsOf, nowMs }));
    if (!usable.includes(true) || sites.some(({ serviceMs }) => Number.isNaN(serviceMs))) return;
    const regions = [...rates.keys()].filter((region) => (rates[region] as number) >= RATE_MIN);
    if (regions.length === 0) return;
    const origins = regions.map((region): Origin => {
      const ms = this.#ways.of(view, region, topology.edge.place, { live: columns, blocks: this.#blocks, nowMs });
      return { rate: rates[region] as number, wayMs: ms.map((way, i) => (usable[i] ? way : Number.POSITIVE_INFINITY)) };
    });
    const width = sites.length;
    const flows = new Float64Array(regions.length * width);
    for (const [at, region] of regions.entries()) {
      flows.set(state.flows.subarray(region * width, (region + 1) * width), at * width);
    }
    assign(origins, sites, flows);
    state.flows.fill(0);
    for (const [at, region] of regions.entries()) {
      state.flows.set(flows.subarray(at * width, (at + 1) * width), region * width);
    }
    this.#write(state, sites, nowMs);
  }

  /** How many requests a second come from each region. */
  #count(state: State, nowMs: number): void {
    const totals = this.#demandOf(state.view.slot);
    const tookMs = nowMs - state.atMs;
    state.atMs = nowMs;
    const before = state.totals;
    state.totals = totals;
    if (!(tookMs > 0)) return;
    const isFirst = state.rates.every((rate) => rate === 0);
    const kept = isFirst ? 0 : Math.exp(-tookMs / RATE_MEAN_MS);
    for (let region = 0; region < CLIENT_REGIONS; region += 1) {
      // Counters that went back have begun anew.
      const news = Math.max(0, (totals[region] as number) - (before[region] as number));
      state.rates[region] = (state.rates[region] as number) * kept + ((news * 1000) / tookMs) * (1 - kept);
    }
  }

  #demandOf(slot: number): Float64Array {
    const sums = new Float64Array(CLIENT_REGIONS);
    for (const { demand } of this.#blocks) {
      for (let region = 0; region < CLIENT_REGIONS; region += 1) {
        sums[region] = (sums[region] as number) + (demand[slot * CLIENT_REGIONS + region] as number);
      }
    }
    return sums;
  }

  #siteOf({ view, fits }: State, i: number, { tripsOf, nowMs }: Now): Site {
    const { columns } = this.#live;
    const trips = tripsOf((view.service.endpoints[i] as Endpoint).service);
    const row = view.rows[i] as number;
    const declared = Math.max(1, declaredCapacityOf(view, i, columns) * AT_WORK);
    const mean = columns.inFlightMean[row] as number;
    const own = (Number.isNaN(mean) ? 0 : mean) + OWN_MIN;
    const part = own / (own + (columns.fleetInFlight[row] as number));
    const answers = columns.tooSlow[row] === 1 ? undefined : trips.answersOf(row, nowMs);
    const seen = answers && { ...answers, busy: (answers.perMs * answers.idleMs) / part };
    const fit = nextServersFit(fits[i] as number, declared, seen);
    fits[i] = fit;
    const serviceMs = trips.idleMsOf(row);
    const room = part * allowanceOf(view, i, this.#live, nowMs);
    return { rate: (declared * fit * room * 1000) / serviceMs, serviceMs, price: WaitPrice.of(declared) };
  }

  #write({ view, flows, rates }: State, sites: readonly Site[], nowMs: number): void {
    const { columns } = this.#live;
    const width = sites.length;
    const all = rates.reduce((sum, rate) => sum + rate, 0);
    for (const [i, { serviceMs }] of sites.entries()) {
      const row = view.rows[i] as number;
      let rate = 0;
      for (let region = 0; region < CLIENT_REGIONS; region += 1) {
        const flow = flows[region * width + i] as number;
        const cell = row * CLIENT_REGIONS + region;
        const before = columns.assignedShare[cell] as number;
        const found = flow === 0 ? 0 : flow / (rates[region] as number);
        // What is hardly anything is nothing: else a move never ends.
        const share = before + (found - before) * MOVES;
        if (before === 0 && found === 0) continue;
        columns.assignedShare[cell] = share < SHARE_MIN && found === 0 ? 0 : share;
        rate += share * (rates[region] as number);
      }
      columns.assignedPart[row] = rate / all;
      columns.assignedLoad[row] = (rate * serviceMs) / 1000;
    }
    columns.assignedAtMs[view.slot] = nowMs;
  }
}

const SHARE_MIN = 0.001;
const TIERS = STANDINGS.map(({ tier }) => tier);

/** The share of requests that an endpoint is considered for at all, as its ramp, its errors, its refusals, the file and operators say. */
function allowanceOf(view: ServiceView, i: number, { columns }: Live, nowMs: number): number {
  const { service, rows } = view;
  const row = rows[i] as number;
  const backMs = columns.rampFromMs[row] as number;
  const ramped = backMs < 0 ? 1 : rampedShare(nowMs - backMs, service.routing.rampMs);
  const left =
    columns.state[row] === HEALTH_STATE.degraded
      ? 1 - withdrawnShare(columns.errorRate[row] as number, view.checks[i] as HealthPolicy)
      : 1;
  return Math.max(ALLOWANCE_MIN, Math.min(ramped, left, columns.room[row] as number, weightOf(view, i, columns)));
}

const ALLOWANCE_MIN = 0.01;

/** A request that nothing keeps from anybody: what its standing is, is that of the endpoint. */
function neutral(view: ServiceView, nowMs: number): Ask {
  const nothing = new Float64Array(0);
  return {
    weights: view.defaultWeights,
    latency: { ms: nothing, factors: nothing, region: 0 },
    shares: new Float64Array(view.cloudCount),
    nowMs,
    draw: 0,
    heldBackMs: 0,
    share: 0,
    allowed: undefined,
    set: NO_SET,
    stickyHash: NOT_STUCK,
    stuckTo: NOT_STUCK,
    // No request is anybody's overflow.
    homeMs: Number.POSITIVE_INFINITY,
    disregards: false,
    mayProbe: false,
    tried: [],
  };
}

type State = {
  readonly view: ServiceView;
  readonly placement: Placement;
  /** Requests a second by region, over the last seconds. */
  readonly rates: Float64Array;
  /** Requests so far by region, and when that was read. */
  totals: Float64Array;
  atMs: number;
  /** Requests a second from each region to each endpoint, region by region, as last worked out. */
  readonly flows: Float64Array;
  /** What the servers of each endpoint are, over the declared ones. */
  readonly fits: Float64Array;
};

type Now = { readonly tripsOf: TripsOf; readonly nowMs: number };
/** By the name of a service or backend. */
type TripsOf = (owner: string) => RoundTrips;
type Deployed = { readonly topology: Topology; readonly placement: Placement };
