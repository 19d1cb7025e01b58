import { CLOUD_CELLS } from '../table/endpoint-table.ts';

/**
 * Requests per cloud over a decaying window: a count that halves with every half-life, so that it follows the
 * traffic without remembering requests. The cells may be in shared memory; only one thread writes them.
 */
export type RecentCells = { readonly recent: Float64Array; readonly recentAtMs: Float64Array };

/** After this many half-lives without a request nothing is recent any more. */
const HALF_LIVES_MAX = 20;

/** Counts one request of service `slot` for a cloud. */
export function countRecent(cells: RecentCells, slot: number, cloud: number, at: DecayAt): void {
  decay(cells, slot, at);
  const index = slot * CLOUD_CELLS + cloud;
  cells.recent[index] = (cells.recent[index] as number) + 1;
}

/** `clouds` is how many numbers of clouds there are. */
export type DecayAt = { readonly nowMs: number; readonly halfLifeMs: number; readonly clouds: number };

/**
 * Adds the recent requests of service `slot`, as they are remembered at that time, to `sums`: one for each cloud, by its
 * number. The cells are only read.
 */
export function recentSums(cells: RecentCells, slot: number, at: DecayAt, sums: Float64Array): void {
  const halfLives = Math.max(0, at.nowMs - (cells.recentAtMs[slot] as number)) / at.halfLifeMs;
  if (halfLives > HALF_LIVES_MAX) return;
  const kept = 2 ** -halfLives;
  const first = slot * CLOUD_CELLS;
  for (let cloud = 0; cloud < at.clouds; cloud += 1) {
    sums[cloud] = (sums[cloud] as number) + kept * (cells.recent[first + cloud] as number);
  }
}

function decay(cells: RecentCells, slot: number, at: DecayAt): void {
  const elapsedMs = at.nowMs - (cells.recentAtMs[slot] as number);
  if (elapsedMs <= 0) return;
  cells.recentAtMs[slot] = at.nowMs;
  const kept = 2 ** (-elapsedMs / at.halfLifeMs);
  const first = slot * CLOUD_CELLS;
  for (let cloud = 0; cloud < at.clouds; cloud += 1) {
    cells.recent[first + cloud] = (cells.recent[first + cloud] as number) * kept;
  }
}
