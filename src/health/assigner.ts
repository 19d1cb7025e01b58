import type { Endpoint, Service, Topology } from '../config/topology.ts';
import type { HealthPolicy } from '../config/topology-policy.ts';
import { rampedShare } from '../resilience/ramp.ts';
import { withdrawnShare } from '../resilience/withdrawal.ts';
import { type Ask, type Live, liveOf } from '../routing/ask.ts';
import { assign, type Origin, type Site } from '../routing/assignment.ts';
import { fenceClasses } from '../routing/fence.ts';
import { freshAsk } from '../routing/fresh-ask.ts';
import { declaredCapacityOf, OWN_MIN } from '../routing/load.ts';
import { homeMsOf, isOverflow } from '../routing/overflow.ts';
import { STANDINGS, standingOf } from '../routing/standing.ts';
import { type ServiceView, viewOf } from '../routing/view.ts';
import { WaitPrice } from '../routing/wait-price.ts';
import { weightOf } from '../routing/weights.ts';
import { CLIENT_REGIONS, NOT_ASSIGNED, ORIGIN_CELLS } from '../table/assigned-cells.ts';
import { type EndpointTable, HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { WorkerBlock } from '../table/worker-block.ts';
import type { ClientRoundTrips } from './client-round-trips.ts';
import type { RoundTrips } from './round-trips.ts';
import { nextServersFit } from './server-fit.ts';
import { type Stream, streamsOf } from './streams.ts';

/** Of a capacity so much is worked on at a time; the rest is what may wait. */
const AT_WORK = 0.5;
/** Over which time the rate of requests is taken: what is older counts for a third. */
const RATE_MEAN_MS = 5000;
/** What one look moves of the way to what it finds best: all edges look, and each sees the others' move seconds later. */
const MOVES = 0.25;

/**
 * With `select: optimal`: works out, once a second, who should answer whom, and writes each endpoint's share of the requests of each origin
 * (a region of clients, and what fences leave them). They are assigned to endpoints that they may be sent to: inside
 * their fences, of their set, and of the first tier that has anybody. Requests come as they came in the last seconds; round trips are as measured from this edge, or estimated from the regions where
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
  readonly #clientTrips: ClientRoundTrips;
  readonly #states = new Map<string, State>();

  constructor(table: EndpointTable, blocks: readonly WorkerBlock[], clientTrips: ClientRoundTrips) {
    this.#table = table;
    this.#live = liveOf(table);
    this.#blocks = blocks;
    this.#clientTrips = clientTrips;
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
    const view = viewOf(service, placement);
    const state = {
      view,
      placement,
      classes: fenceClasses(service),
      rates: new Float64Array(ORIGIN_CELLS),
      totals: this.#demandOf(view.slot),
      atMs: Number.NaN,
      flows: new Map(),
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
    const usable = Uint8Array.from(view.rows, (_, i) => (TIERS[standingOf(view, i, this.#live, ask)] === 0 ? 1 : 0));
    const sites = view.service.endpoints.map((_, i) => this.#siteOf(state, i, { tripsOf, nowMs }));
    if (!usable.includes(1) || sites.some(({ serviceMs }) => Number.isNaN(serviceMs))) return;
    const streams = streamsOf(view, usable, { rates, classes: state.classes });
    if (streams.length === 0) return;
    const origins = streams.map(({ cell, rate, may }): Origin => {
      const seen = { live: columns, blocks: this.#blocks, nowMs };
      const ms = this.#clientTrips.of(view, cell % CLIENT_REGIONS, topology.edge.place, seen);
      const wayMs = ms.map((way, i) => (may[i] === 1 ? way : Number.POSITIVE_INFINITY));
      return { rate, wayMs, upTo: upToOf(view, ms, state.classes[Math.floor(cell / CLIENT_REGIONS)]) };
    });
    const width = sites.length;
    const flows = new Float64Array(streams.length * width);
    for (const [at, { cell, may }] of streams.entries()) {
      const before = state.flows.get(cell);
      for (let i = 0; i < width; i += 1) if (may[i] === 1) flows[at * width + i] = before?.[i] ?? 0;
    }
    assign(origins, sites, flows);
    state.flows.clear();
    for (const [at, { cell, may }] of streams.entries()) {
      const flow = state.flows.get(cell) ?? new Float64Array(width);
      for (let i = 0; i < width; i += 1) if (may[i] === 1) flow[i] = flows[at * width + i] as number;
      state.flows.set(cell, flow);
    }
    this.#write(state, sites, { streams, nowMs });
  }

  /** How many requests a second come from each origin. */
  #count(state: State, nowMs: number): void {
    const totals = this.#demandOf(state.view.slot);
    const tookMs = nowMs - state.atMs;
    state.atMs = nowMs;
    const before = state.totals;
    state.totals = totals;
    if (!(tookMs > 0)) return;
    const isFirst = state.rates.every((rate) => rate === 0);
    const kept = isFirst ? 0 : Math.exp(-tookMs / RATE_MEAN_MS);
    for (let cell = 0; cell < ORIGIN_CELLS; cell += 1) {
      // Counters that went back have begun anew.
      const news = Math.max(0, (totals[cell] as number) - (before[cell] as number));
      state.rates[cell] = (state.rates[cell] as number) * kept + ((news * 1000) / tookMs) * (1 - kept);
    }
  }

  #demandOf(slot: number): Float64Array {
    const sums = new Float64Array(ORIGIN_CELLS);
    for (const { demand } of this.#blocks) {
      for (let cell = 0; cell < ORIGIN_CELLS; cell += 1) {
        sums[cell] = (sums[cell] as number) + (demand[slot * ORIGIN_CELLS + cell] as number);
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

  #write({ view, flows, rates }: State, sites: readonly Site[], { streams, nowMs }: Found): void {
    const { columns } = this.#live;
    const all = rates.reduce((sum, rate) => sum + rate, 0);
    const loads = new Float64Array(sites.length);
    const byCell = Map.groupBy(streams, ({ cell }) => cell);
    for (let cell = 0; cell < ORIGIN_CELLS; cell += 1) {
      const from = byCell.get(cell) ?? [];
      const flow = flows.get(cell);
      for (let i = 0; i < sites.length; i += 1) {
        const at = (view.rows[i] as number) * ORIGIN_CELLS + cell;
        const before = columns.assignedShare[at] as number;
        const flowing = flow?.[i] ?? 0;
        if (before === 0 && flowing === 0) continue;
        const rate = from.find(({ set }) => set === view.sets[i])?.rate ?? 0;
        const found = flowing === 0 ? 0 : flowing / rate;
        // What is hardly anything is nothing: else a move never ends.
        const share = before + (found - before) * MOVES;
        columns.assignedShare[at] = share < SHARE_MIN && found === 0 ? 0 : share;
        loads[i] = (loads[i] as number) + share * rate;
      }
    }
    for (const [i, { serviceMs }] of sites.entries()) {
      const row = view.rows[i] as number;
      columns.assignedPart[row] = (loads[i] as number) / all;
      columns.assignedLoad[row] = ((loads[i] as number) * serviceMs) / 1000;
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

/**
 * Up to which part of what its servers can do each endpoint takes requests of an origin that is `ms` away from them: `overflow_max` of those that are not the
 * endpoint's own. Undefined where no endpoint has one.
 */
function upToOf(view: ServiceView, ms: Float64Array, allowed: Uint8Array | undefined): Float64Array | undefined {
  const overflow = view.brake?.overflow;
  if (overflow === undefined) return undefined;
  const latency = { ms };
  const homeMs = homeMsOf(view, { latency, allowed });
  return overflow.map((most, i) =>
    isOverflow(view, i, { latency, homeMs }) ? most / AT_WORK : Number.POSITIVE_INFINITY,
  );
}

/** A request that nothing keeps from anybody: what its standing is, is that of the endpoint. */
function neutral(view: ServiceView, nowMs: number): Ask {
  // No request is anybody's overflow.
  return { ...freshAsk(view, { nowMs, mayProbe: false }), homeMs: Number.POSITIVE_INFINITY };
}

type State = {
  readonly view: ServiceView;
  readonly placement: Placement;
  readonly classes: readonly Uint8Array[];
  /** Requests a second by origin, over the last seconds. */
  readonly rates: Float64Array;
  /** Requests so far by origin, and when that was read. */
  totals: Float64Array;
  atMs: number;
  /** Requests a second from each origin to each endpoint, as last worked out. */
  readonly flows: Map<number, Float64Array>;
  /** What the servers of each endpoint are, over the declared ones. */
  readonly fits: Float64Array;
};

type Found = { readonly streams: readonly Stream[]; readonly nowMs: number };
type Now = { readonly tripsOf: TripsOf; readonly nowMs: number };
/** By the name of a service or backend. */
type TripsOf = (owner: string) => RoundTrips;
type Deployed = { readonly topology: Topology; readonly placement: Placement };
