import type { AccessRecord } from '../../../src/table/access-record.ts';

/** A request that was refused by one endpoint and answered by the next. */
export const RECORD: AccessRecord = {
  requestId: '01J',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  clientAddress: '203.0.113.9',
  country: 'DE',
  service: 'shop',
  method: 'GET',
  host: 'shop.example.com',
  target: '/cart?coupon=abc',
  priority: 'latency',
  status: 200,
  how: 'complete',
  tookMs: 12.3456,
  bytesIn: 5,
  bytesOut: 120,
  httpVersion: '1.1',
  tls: 'TLSv1.3',
  userAgent: 'curl/8',
  attempts: [
    {
      endpoint: 'shop/aws/us-east-1/a:80',
      outcome: 'connect-refused',
      status: 0,
      firstByteMs: undefined,
      score: 0.87654,
      runnerUp: { endpoint: 'shop/gcp/europe-west1/b:80', score: 0.7 },
      panic: false,
      cause: 'ECONNREFUSED',
    },
    {
      endpoint: 'shop/gcp/europe-west1/b:80',
      outcome: 'success',
      status: 200,
      firstByteMs: 11.2,
      score: 0.7,
      runnerUp: { endpoint: 'shop/azure/japaneast/c:80', score: 0.4 },
      panic: false,
      cause: undefined,
    },
  ],
};
