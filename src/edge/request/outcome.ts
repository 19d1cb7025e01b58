import type { Fault } from '../../resilience/fault.ts';
import { OUTCOMES, type Outcome } from '../../table/worker-block.ts';

/** 501 and 505 say that the request was strange, not that the endpoint is ill. */
export function isFailure(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

/** What an attempt that failed is counted as. */
export function outcomeOf(fault: Fault): Outcome {
  // It is no evidence against the endpoint's health either.
  if (fault.blameless === true) return 'abandoned';
  // No attempt ends with what is no outcome: those are of requests.
  return isOutcome(fault.kind) ? fault.kind : 'unreachable';
}

function isOutcome(kind: string): kind is Outcome {
  return ALL.has(kind);
}

const ALL: ReadonlySet<string> = new Set(OUTCOMES);
