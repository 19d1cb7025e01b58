import type { Fault } from '../../resilience/fault.ts';

/** A fault of a request that nothing was sent of. */
export function refusal(kind: Fault['kind'], cause: string): Fault {
  return { kind, sent: 'nothing', cause };
}
