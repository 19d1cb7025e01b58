import type { HealthPolicy } from '../config/topology-policy.ts';

/**
 * Whether an endpoint can be reached, from check to check, with hysteresis: `fall` failed ones in a row take it down,
 * `rise` good ones in a row bring it back. The first check after unknown decides at once, so that boot waits for nobody.
 */
export type Reach =
  | { readonly state: 'unknown' }
  | { readonly state: 'up'; readonly failures: number }
  | { readonly state: 'down'; readonly successes: number };

export const UNKNOWN: Reach = { state: 'unknown' };

export type ReachPolicy = Pick<HealthPolicy, 'rise' | 'fall'>;

/** The next state after one check. `rise` and `fall` are at least 1. */
export function afterCheck(reach: Reach, good: boolean, policy: ReachPolicy): Reach {
  switch (reach.state) {
    case 'unknown':
      return good ? { state: 'up', failures: 0 } : { state: 'down', successes: 0 };
    case 'up':
      if (good) return { state: 'up', failures: 0 };
      return reach.failures + 1 >= policy.fall
        ? { state: 'down', successes: 0 }
        : { state: 'up', failures: reach.failures + 1 };
    case 'down':
      if (!good) return { state: 'down', successes: 0 };
      return reach.successes + 1 >= policy.rise
        ? { state: 'up', failures: 0 }
        : { state: 'down', successes: reach.successes + 1 };
    default:
      return reach satisfies never;
  }
}

/** Whether the last check contradicted the state without changing it: worth asking again soon. */
export function isContested(reach: Reach): boolean {
  return (reach.state === 'up' && reach.failures > 0) || (reach.state === 'down' && reach.successes > 0);
}
