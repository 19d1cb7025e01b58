import type { Fault } from '../../resilience/fault.ts';
import type { UpstreamFailure } from './connection-handler.ts';

/** The fault of a connection that failed while its endpoint was to answer. */
export function faultOf(cause: string, kind: UpstreamFailure): Fault {
  if (kind === 'too-large') return { kind: 'bad-response', sent: 'some', cause, blameless: true };
  if (kind === 'unprocessed') return { kind: 'reset', sent: 'nothing', cause };
  return { kind, sent: 'some', cause };
}
