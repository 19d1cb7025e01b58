import { HEALTH_STATE } from '../table/endpoint-table.ts';
import type { Seen } from './fleet.ts';

/**
 * What edges see of one endpoint: this one, and how many of the others. Local evidence decides where requests go, since an
 * endpoint that this edge cannot reach is of no use to it. Who is to be woken is decided by most edges that have an opinion.
 */
export type Opinions = { readonly here: Seen; readonly up: number; readonly down: number; readonly unknown: number };

/** `none`: too few opinions, so everybody goes by their own. `split`: as many see it up as down. */
export type Quorum = 'up' | 'down' | 'split' | 'none';

/** With two opinions that differ, nobody knows which of them is wrong. */
export const OPINIONS_MIN = 3;

/** What most edges see, this one included. */
export function quorumOf({ here, up, down }: Opinions): Quorum {
  const ups = up + (here === 'up' ? 1 : 0);
  const downs = down + (here === 'down' ? 1 : 0);
  if (ups + downs < OPINIONS_MIN) return 'none';
  if (ups === downs) return 'split';
  return ups > downs ? 'up' : 'down';
}

/** Whether the trouble is between this edge and the endpoint: it is down from here, and up for most. */
export function isCutOff(opinions: Opinions): boolean {
  return opinions.here === 'down' && quorumOf(opinions) === 'up';
}

/** What a state of the table says as an opinion. Degraded is up: it answers. */
export function seenOf(state: number): Seen {
  if (state === HEALTH_STATE.unknown) return 'unknown';
  return state === HEALTH_STATE.unhealthy ? 'down' : 'up';
}
