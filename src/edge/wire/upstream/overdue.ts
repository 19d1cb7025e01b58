import type { Fault } from '../../../resilience/fault.ts';
import type { UpstreamFailure } from './upstream-handler.ts';

/** What has gone wrong when something that was waited for has not come in time, by what it was. */
export const OVERDUE = {
  connecting: { kind: 'connect-timeout', sent: 'nothing', cause: 'no connection in time' },
  uploading: { kind: 'idle-timeout', sent: 'some', cause: 'the endpoint takes no more of the request' },
  waiting: { kind: 'first-byte-timeout', sent: 'some', cause: 'no answer in time' },
  answering: { kind: 'idle-timeout', sent: 'some', cause: 'the endpoint sends no more of its answer' },
} as const satisfies Readonly<Record<string, Fault>>;

/** What has gone wrong with a connection that was being answered on. */
export function faultOf(cause: string, kind: UpstreamFailure): Fault {
  if (kind === 'too-large') return { kind: 'bad-response', sent: 'some', cause, blameless: true };
  return { kind, sent: 'some', cause };
}
