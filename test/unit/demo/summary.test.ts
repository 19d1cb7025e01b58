import { expect, test } from 'vitest';
import { summary } from '../../../src/demo/summary.ts';

const rest = { state: 'healthy', health: 1, inFlight: 0, breaker: 'closed' } as const;
const totals = {
  elapsedMs: 20_000,
  traffic: { sent: 1200, succeeded: 1200, failed: 0, inFlight: 0, heldBack: 0 },
  overall: { p50Ms: 91.6, p99Ms: 170 },
  failovers: 3,
  endpoints: [
    { cloud: 'aws', region: 'us-east-1', requests: 900, ...rest },
    { cloud: 'gcp', region: 'europe-west1', requests: 300, ...rest },
  ],
};

test('what was asked, what failed, and who answered', () => {
  expect(summary(totals)).toBe(`The demo ran 20s.
  requests      1200 of its own clients, 0 failed
  availability  100.000 %
  took          p50 92 ms, p99 170 ms
  failovers     3
  the edge answered 1200 requests from:
    aws/us-east-1            900   75%
    gcp/europe-west1         300   25%
`);
});

test('what was held back and what failed is not kept quiet', () => {
  const told = summary({ ...totals, traffic: { sent: 4, succeeded: 3, failed: 1, inFlight: 0, heldBack: 2 } });
  expect(told).toContain('4 of its own clients, 1 failed, 2 held back (too many in flight)');
  expect(told).toContain('availability  75.000 %');
});

test('a demo that ended at once divides by nothing', () => {
  const none = { sent: 0, succeeded: 0, failed: 0, inFlight: 0, heldBack: 0 };
  const overall = { p50Ms: Number.NaN, p99Ms: Number.NaN };
  const told = summary({
    elapsedMs: 0,
    traffic: none,
    overall,
    failovers: 0,
    endpoints: totals.endpoints.map((e) => ({ ...e, requests: 0 })),
  });
  expect(told).toContain('p50 -, p99 -');
  expect(told).not.toContain('NaN');
});
