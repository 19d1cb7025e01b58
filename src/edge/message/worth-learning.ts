/** So many in a row that were not known, and only every so many-th of those after is learned. */
const TRIES_MAX = 4;
const TRIES_APART = 16;

/** Whether to learn what was not known, as the `misses`-th in a row (from 1): who never says the same again is not worth the copies. */
export function isWorthLearning(misses: number): boolean {
  return misses <= TRIES_MAX || misses % TRIES_APART === 0;
}
