import type { Seen } from './open-load.ts';

/** How many requests began in each second of a load. */
export function countsBySecond(seen: readonly Seen[]): readonly number[] {
  const counts: number[] = [];
  for (const { atMs } of seen) counts[Math.floor(atMs / 1000)] = (counts[Math.floor(atMs / 1000)] ?? 0) + 1;
  return counts;
}

/** Whether so many are what was planned, to 3 %. */
export function isNear(count: number | undefined, planned: number): boolean {
  return count !== undefined && Math.abs(count / planned - 1) <= 0.03;
}
