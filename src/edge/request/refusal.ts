import type { Fault } from '../../resilience/fault.ts';

/** A fault of a request that nothing was sent of. */
export function refusal(kind: Fault['kind'], cause: string): Fault {
  return { kind, sent: 'nothing', cause };
}

/** Why a service takes no more of the body of a request that it had taken. */
export const BODY_REFUSED = {
  beyond: { fault: refusal('body-limited', 'the body is larger than the service takes'), count: 'limited-body' },
  stalled: { fault: refusal('body-stalled', 'the client sends no more of the body'), count: 'limited-body-pause' },
} as const;
