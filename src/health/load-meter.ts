import { endpointsOf, servicesOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import { type LoadReport, readLoad } from '../routing/load-report.ts';
import { type DecayAt, recentSums } from '../routing/recent-shares.ts';
import { cloudCount, cloudNumber } from '../table/cloud-numbers.ts';
import { CLOUD_CELLS, type LiveColumns } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import { OUTCOMES, type WorkerBlock } from '../table/worker-block.ts';
import { LimitLearner } from './limit-learner.ts';
import { ReportedLoads } from './reported-loads.ts';
import { nextRoom } from './room.ts';

/** How often loads are looked at. */
export const LOAD_PERIOD_MS = 250;
/** The same while nothing was in flight the last time, so that an idle edge sleeps. */
export const IDLE_PERIOD_MS = 1000;
/** Over which the mean of what is in flight is taken: what is older counts for a third. */
export const LOAD_MEAN_MS = 10_000;
/** Requests that every cloud is taken to have had, so that the first few of a quiet service are no imbalance. */
export const SHARE_PRIOR = 20;

/**
 * Writes what decisions need to know of the requests as a whole: the mean of what is in flight at each endpoint from this edge,
 * and each cloud's share of a service's recent requests, over all threads, and half and half with that of the other edges where
 * there are any. This edge's own half is new, so that edges which hear of each other late do not all correct the same imbalance.
 */
export class LoadMeter {
  readonly #live: LiveColumns;
  readonly #blocks: readonly WorkerBlock[];
  readonly #limits: LimitLearner;
  readonly #reported: ReportedLoads;
  #services: Topology['services'] = [];
  readonly #own = new Float64Array(CLOUD_CELLS);
  readonly #others = new Float64Array(CLOUD_CELLS);
  /** Answers of each row so far, and those among them that refused. */
  readonly #counted = new Map<number, { readonly answers: number; readonly refused: number }>();
  #atMs = Number.NaN;
  #busy = true;

  constructor(live: LiveColumns, blocks: readonly WorkerBlock[]) {
    this.#live = live;
    this.#blocks = blocks;
    this.#limits = new LimitLearner(live, blocks);
    this.#reported = new ReportedLoads(live, blocks);
  }

  /** How long from one look to the next, in ms. */
  get periodMs(): number {
    return this.#busy ? LOAD_PERIOD_MS : IDLE_PERIOD_MS;
  }

  measure(topology: Topology, placement: Placement, nowMs: number): void {
    const { rows, slots } = placement;
    const { services } = topology;
    if (services !== this.#services) this.#reported.keepOnly(new Set(Object.values(rows)));
    this.#services = services;
    const clouds = cloudCount(placement);
    this.#limits.look(services, rows);
    const { inFlight, inFlightMean, fleetInFlight, atEndpoint } = this.#live;
    const kept = Number.isNaN(this.#atMs) ? 0 : Math.exp(-Math.max(0, nowMs - this.#atMs) / LOAD_MEAN_MS);
    this.#atMs = nowMs;
    this.#busy = false;
    for (const { id } of endpointsOf(topology)) {
      const row = rows[id];
      if (row === undefined) continue;
      if ((inFlight[row] as number) > 0) this.#busy = true;
      const now = Math.max(0, inFlight[row] as number) * (atEndpoint[row] as number);
      const before = inFlightMean[row] as number;
      inFlightMean[row] = Number.isNaN(before) ? now : before * kept + now * (1 - kept);
      this.#measureRoom(row);
    }
    for (const { name, endpoints, routing } of services) {
      this.#others.fill(0);
      for (const { id, cloud } of endpoints) {
        const row = rows[id];
        if (row === undefined) continue;
        if (routing.load === 'reported') this.#reported.settle(row, nowMs);
        const at = cloudNumber(placement, cloud);
        this.#others[at] = (this.#others[at] as number) + (fleetInFlight[row] as number);
      }
      const slot = slots[name];
      if (slot !== undefined) this.#writeShares(slot, { nowMs, halfLifeMs: routing.diversityHalfLifeMs, clouds });
    }
  }

  /** What an endpoint says of its load to a health check counts as what it says to a request. */
  checked(name: string, row: number, load: LoadReport | undefined): void {
    if (load === undefined) return;
    const asks = servicesOf({ services: this.#services }, name);
    const routing = this.#services.find((one) => asks.includes(one.name) && one.routing.load === 'reported')?.routing;
    if (routing === undefined) return;
    const said = readLoad(load, routing.loadMetric);
    if (said >= 0) this.#reported.checked(row, said);
  }

  #measureRoom(row: number): void {
    let [answers, refused] = [0, 0];
    for (const { outcomes } of this.#blocks) {
      refused += outcomes[row * OUTCOMES.length + OVERLOADED] as number;
      for (const at of ANSWERED) answers += outcomes[row * OUTCOMES.length + at] as number;
    }
    const before = this.#counted.get(row) ?? { answers: 0, refused: 0 };
    if (answers !== before.answers) this.#busy = true;
    this.#counted.set(row, { answers, refused });
    const { room } = this.#live;
    // Counters that went back have begun anew.
    const news = Math.max(0, refused - before.refused);
    room[row] = nextRoom(room[row] as number, Math.max(news, answers - before.answers), news);
  }

  #writeShares(slot: number, at: DecayAt): void {
    const [own, others] = [this.#own, this.#others];
    own.fill(0);
    for (const block of this.#blocks) recentSums(block, slot, at, own);
    const sumOwn = sum(own);
    const sumOthers = sum(others);
    for (let cloud = 0; cloud < at.clouds; cloud += 1) {
      const here = (SHARE_PRIOR + (own[cloud] as number)) / (SHARE_PRIOR * at.clouds + sumOwn);
      const share = sumOthers === 0 ? here : (here + (others[cloud] as number) / sumOthers) / 2;
      this.#live.cloudShare[slot * CLOUD_CELLS + cloud] = share;
    }
  }
}

const OVERLOADED = OUTCOMES.indexOf('overloaded');
const ANSWERED = [OVERLOADED, OUTCOMES.indexOf('success'), OUTCOMES.indexOf('error-status')];

function sum(cells: Float64Array): number {
  let all = 0;
  for (const cell of cells) all += cell;
  return all;
}
