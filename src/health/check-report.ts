import type { CheckResult } from './check.ts';

/** How the checks of an endpoint stand, for who asks. Times are of the shared clock. */
export type CheckReport = {
  /** Why its state is what it is now. */
  readonly reason: string;
  readonly last: LastCheck | undefined;
  /** When the next is due; undefined while one is under way. */
  readonly nextMs: number | undefined;
};

export type LastCheck = {
  readonly atMs: number;
  /** `not-made`: this machine had run out of something, which says nothing about the endpoint. */
  readonly outcome: 'good' | 'failed' | 'not-made';
  /** In words, unless it was good. */
  readonly error: string | undefined;
};

/** What is kept of a check that ended at `atMs`. */
export function lastCheck({ reachable, error, shortage }: CheckResult, atMs: number): LastCheck {
  if (shortage !== undefined) return { atMs, outcome: 'not-made', error: `this machine ran short: ${shortage}` };
  return reachable ? { atMs, outcome: 'good', error: undefined } : { atMs, outcome: 'failed', error };
}
