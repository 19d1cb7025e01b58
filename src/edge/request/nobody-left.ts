import type { Fault } from '../../resilience/fault.ts';
import type { Ending, Exchange } from './exchange.ts';
import { refusal } from './refusal.ts';

/** Why no endpoint is left for a request that has not been sent anywhere. */
export function nobodyFor({ fence }: Exchange): Fault {
  if (fence === undefined) return refusal('no-candidate', 'no endpoint may be sent to');
  return refusal(fence.status === 451 ? 'fenced' : 'fenced-for-now', 'a fence leaves no endpoint for this client');
}

/** Whether a postponed request ended because a fence left nobody for it, nor anything else. */
export function wasFenceRefusal({ fence, attempts }: Exchange, { source = 'none', how, wished }: Ending): boolean {
  return fence !== undefined && attempts.length === 0 && source === 'none' && how === 'complete' && wished !== true;
}
