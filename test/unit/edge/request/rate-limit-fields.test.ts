import { expect, test } from 'vitest';
import { rateLimitFields } from '../../../../src/edge/request/rate-limit-fields.ts';

test.each([
  [
    { requestsPerSecond: 20, burst: 40 },
    50,
    'Retry-After 1 RateLimit-Policy "client";q=40;w=2 RateLimit "client";r=0;t=1',
  ],
  [
    { requestsPerSecond: 1 / 60, burst: 1 },
    59_001,
    'Retry-After 60 RateLimit-Policy "client";q=1;w=60 RateLimit "client";r=0;t=60',
  ],
])('%j and a wait of %i ms', (limit, waitMs, expected) => {
  expect(rateLimitFields('client', limit, waitMs).join(' ')).toBe(expected);
});
