import { FAULT_STATUS } from '../../resilience/fault.ts';
import type { AccessRecord } from '../../table/access-record.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Ending, Exchange, Refused } from './exchange.ts';
import { traceIdOf } from './traceparent.ts';

/** What of a request the access log looks at. */
export type Logged = Pick<
  Exchange,
  | 'head'
  | 'requestId'
  | 'traceparent'
  | 'clientAddress'
  | 'whereabouts'
  | 'view'
  | 'priority'
  | 'bytesIn'
  | 'bytesOut'
  | 'userAgent'
  | 'chaos'
  | 'attempts'
>;

/** What the access log says of a request that has ended. */
export function accessRecord(exchange: Logged, ending: Ending, tookMs: number): AccessRecord {
  const { head } = exchange;
  return {
    requestId: exchange.requestId,
    traceId: traceIdOf(exchange.traceparent),
    clientAddress: exchange.clientAddress,
    country: exchange.whereabouts.country,
    service: exchange.view.service.name,
    method: head.method,
    host: head.host,
    target: head.target,
    priority: exchange.priority.name,
    status: ending.status,
    how: ending.how,
    tookMs,
    bytesIn: exchange.bytesIn,
    bytesOut: exchange.bytesOut,
    httpVersion: head.version,
    tls: head.peer.tls,
    userAgent: exchange.userAgent,
    quality: ending.source === undefined ? undefined : (ending.quality ?? 'none'),
    chaos: exchange.chaos === '' ? undefined : exchange.chaos,
    attempts: exchange.attempts.map((attempt) => ({
      endpoint: attempt.endpoint.id,
      outcome: attempt.outcome,
      status: attempt.status,
      firstByteMs: attempt.status === 0 ? undefined : attempt.firstByteMs,
      score: attempt.score,
      runnerUp: attempt.runnerUp,
      panic: attempt.panic,
      cause: attempt.fault?.cause,
    })),
  };
}

/** What it says of a request that was refused before it had a service. */
export function refusalRecord(head: RequestHead, clientAddress: string, fault: Refused): AccessRecord {
  return {
    requestId: fault.requestId,
    traceId: '',
    clientAddress,
    country: '',
    service: '',
    method: head.method,
    host: head.host,
    target: head.target,
    priority: '',
    status: FAULT_STATUS[fault.kind],
    how: 'complete',
    tookMs: 0,
    bytesIn: 0,
    bytesOut: 0,
    httpVersion: head.version,
    tls: head.peer.tls,
    userAgent: head.fields.first('user-agent'),
    attempts: [],
  };
}
