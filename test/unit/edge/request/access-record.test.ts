import { expect, test } from 'vitest';
import { accessRecord } from '../../../../src/edge/request/access-record.ts';
import { isFault } from '../../../../src/resilience/fault.ts';
import { begun, pathOf, refused } from '../../../support/path.ts';

test('the log gets the request and every attempt', () => {
  const path = pathOf();
  const headers = ['Routing-Priority', 'reliability'];
  const { exchange, attempt } = begun(path, { method: 'PUT', target: '/cart?token=1', headers });
  const next = path.pipeline.failed(exchange, attempt, refused, true);
  if (isFault(next)) throw new Error('not tried again');
  path.now.ms += 12;
  path.pipeline.answered(exchange, next, 201, true);
  path.pipeline.ended(exchange, next, 'complete');
  expect(accessRecord(exchange, { status: 201, how: 'complete' }, 15)).toEqual({
    requestId: exchange.requestId,
    traceId: exchange.requestId.replaceAll('-', ''),
    clientAddress: '203.0.113.9',
    country: 'US',
    service: 'shop',
    method: 'PUT',
    host: 'shop.example.com',
    target: '/cart?token=1',
    priority: 'reliability',
    status: 201,
    how: 'complete',
    tookMs: 15,
    bytesIn: 0,
    bytesOut: 0,
    httpVersion: '1.1',
    tls: '',
    userAgent: undefined,
    attempts: [
      {
        endpoint: attempt.endpoint.id,
        outcome: 'connect-refused',
        status: 0,
        firstByteMs: undefined,
        score: attempt.score,
        runnerUp: { endpoint: expect.any(String) as string, score: expect.any(Number) as number },
        panic: false,
        cause: 'ECONNREFUSED',
      },
      {
        endpoint: next.endpoint.id,
        outcome: 'success',
        status: 201,
        firstByteMs: 12,
        score: next.score,
        runnerUp: { endpoint: expect.any(String) as string, score: expect.any(Number) as number },
        panic: false,
        cause: undefined,
      },
    ],
  });
});
