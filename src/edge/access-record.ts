import type { AccessRecord } from '../table/access-record.ts';
import type { Ending, Exchange } from './exchange.ts';

/** What the access log says of a request that has ended. */
export function accessRecord(exchange: Exchange, ending: Ending, tookMs: number): AccessRecord {
  const { head } = exchange;
  return {
    requestId: exchange.requestId,
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
    attempts: exchange.attempts.map((attempt) => ({
      endpoint: attempt.endpoint.id,
      outcome: attempt.outcome,
      status: attempt.status,
      firstByteMs: attempt.status === 0 ? undefined : attempt.firstByteMs,
      score: attempt.score,
      panic: attempt.panic,
      cause: attempt.fault?.cause,
    })),
  };
}
