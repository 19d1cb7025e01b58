import { CLOUDS } from '../config/topology-cloud.ts';

/**
 * Requests per cloud over a decaying window: a count that halves with every half-life, so that the share follows the
 * traffic without remembering requests. The cells may be in shared memory; only one thread writes them.
 */
export type RecentCells = { readonly recent: Float64Array; readonly recentAtMs: Float64Array };

/** Below this many remembered requests in all, nobody has a share yet. */
const FORGOTTEN = 1e-3;
/** After this many half-lives without a request nothing is recent any more. */
const HALF_LIVES_MAX = 20;

/** Counts one request of service `slot` for a cloud. */
export function countRecent(cells: RecentCells, slot: number, cloud: number, at: DecayAt): void {
  decay(cells, slot, at);
  const index = slot * CLOUDS.length + cloud;
  cells.recent[index] = (cells.recent[index] as number) + 1;
}

export type DecayAt = { readonly nowMs: number; readonly halfLifeMs: number };

/**
 * Fills `shares` with each cloud's share of the recent requests of service `slot`, by position in `CLOUDS`. All are 0
 * while there are none. Decay does not change the shares, only when they are forgotten, so the cells are only read.
 */
export function recentShares(cells: RecentCells, slot: number, at: DecayAt, shares: Float64Array): void {
  const first = slot * CLOUDS.length;
  let sum = 0;
  for (let cloud = 0; cloud < CLOUDS.length; cloud += 1) sum += cells.recent[first + cloud] as number;
  const halfLives = (at.nowMs - (cells.recentAtMs[slot] as number)) / at.halfLifeMs;
  const forgotten = sum < FORGOTTEN || halfLives > HALF_LIVES_MAX;
  for (let cloud = 0; cloud < CLOUDS.length; cloud += 1) {
    shares[cloud] = forgotten ? 0 : (cells.recent[first + cloud] as number) / sum;
  }
}

function decay(cells: RecentCells, slot: number, at: DecayAt): void {
  const elapsedMs = at.nowMs - (cells.recentAtMs[slot] as number);
  if (elapsedMs <= 0) return;
  cells.recentAtMs[slot] = at.nowMs;
  const kept = 2 ** (-elapsedMs / at.halfLifeMs);
  const first = slot * CLOUDS.length;
  for (let cloud = 0; cloud < CLOUDS.length; cloud += 1) {
    cells.recent[first + cloud] = (cells.recent[first + cloud] as number) * kept;
  }
}
