import type { AccessRecord } from '../../../src/table/access-record.ts';

/** A request that was refused by one endpoint and answered by the next. */
export const RECORD: AccessRecord = {
  requestId: '01J',
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
  attempts: [
    {
      endpoint: 'shop/aws/us-east-1/a:80',
      outcome: 'connect-refused',
      status: 0,
      firstByteMs: undefined,
      score: 0.87654,
      panic: false,
      cause: 'ECONNREFUSED',
    },
    {
      endpoint: 'shop/gcp/europe-west1/b:80',
      outcome: 'success',
      status: 200,
      firstByteMs: 11.2,
      score: 0.7,
      panic: false,
      cause: undefined,
    },
  ],
};
