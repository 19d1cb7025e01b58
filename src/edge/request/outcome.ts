import type { Fault } from '../../resilience/fault.ts';
import type { Outcome } from '../../table/worker-block.ts';

/** 501 and 505 say that the request was strange, not that the endpoint is ill. */
export function isFailure(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

/** What an attempt that failed is counted as. */
export function outcomeOf(fault: Fault): Outcome {
  // It is no evidence against the endpoint's health either.
  if (fault.blameless === true) return 'abandoned';
  switch (fault.kind) {
    // No attempt ends with these.
    case 'no-candidate':
    case 'fenced':
    case 'fenced-for-now':
    case 'rate-limited':
    case 'concurrency-limited':
    case 'body-limited':
    case 'target-limited':
    case 'shed':
    case 'deadline':
    case 'no-service':
    case 'bad-path':
    case 'loop':
      return 'unreachable';
    default:
      return fault.kind;
  }
}
