import type { Topology } from '../config/topology.ts';
import { CLOUDS } from '../config/topology-cloud.ts';
import { recentSums } from '../routing/recent-shares.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';
import type { Placement } from '../table/placement.ts';
import type { WorkerBlock } from '../table/worker-block.ts';

/** How often loads are looked at. */
export const LOAD_PERIOD_MS = 250;
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
  readonly #own = new Float64Array(CLOUDS.length);
  readonly #others = new Float64Array(CLOUDS.length);
  #atMs = Number.NaN;

  constructor(live: LiveColumns, blocks: readonly WorkerBlock[]) {
    this.#live = live;
    this.#blocks = blocks;
  }

  measure({ services }: Topology, { rows, slots }: Placement, nowMs: number): void {
    const { inFlight, inFlightMean, fleetInFlight } = this.#live;
    const kept = Number.isNaN(this.#atMs) ? 0 : Math.exp(-Math.max(0, nowMs - this.#atMs) / LOAD_MEAN_MS);
    this.#atMs = nowMs;
    for (const { name, endpoints, routing } of services) {
      this.#others.fill(0);
      for (const { id, cloud } of endpoints) {
        const row = rows[id];
        if (row === undefined) continue;
        const now = Math.max(0, inFlight[row] as number);
        const before = inFlightMean[row] as number;
        inFlightMean[row] = Number.isNaN(before) ? now : before * kept + now * (1 - kept);
        const at = CLOUDS.indexOf(cloud);
        this.#others[at] = (this.#others[at] as number) + (fleetInFlight[row] as number);
      }
      const slot = slots[name];
      if (slot !== undefined) this.#writeShares(slot, { nowMs, halfLifeMs: routing.diversityHalfLifeMs });
    }
  }

  #writeShares(slot: number, at: { readonly nowMs: number; readonly halfLifeMs: number }): void {
    const [own, others] = [this.#own, this.#others];
    own.fill(0);
    for (const block of this.#blocks) recentSums(block, slot, at, own);
    const sumOwn = sum(own);
    const sumOthers = sum(others);
    for (let cloud = 0; cloud < CLOUDS.length; cloud += 1) {
      const here = (SHARE_PRIOR + (own[cloud] as number)) / (SHARE_PRIOR * CLOUDS.length + sumOwn);
      const share = sumOthers === 0 ? here : (here + (others[cloud] as number) / sumOthers) / 2;
      this.#live.cloudShare[slot * CLOUDS.length + cloud] = share;
    }
  }
}

function sum(cells: Float64Array): number {
  let all = 0;
  for (const cell of cells) all += cell;
  return all;
}
