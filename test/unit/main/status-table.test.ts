import { expect, test } from 'vitest';
import { statusText } from '../../../src/main/status-table.ts';
import { endpoint, view } from './shown-edge.ts';

const NOW_MS = Date.parse('2026-01-01T00:02:00.000Z');

test('who it is, whether it is ready, and every endpoint', () => {
  const text = statusText(view(), { ready: true, checks: [] }, false, NOW_MS);
  expect(text).toMatch(
    /^edge iad-1 in aws\/us-east-1: ready; 1 of 2 endpoints healthy\nversion 1\.2\.3, up for 1 min; meridian\.yaml \(abc\) in use for 2 min\n\nENDPOINT/,
  );
  expect(text).toMatch(/^shop\/aws\/us-east-1\/a:80 +healthy +1\.00 +12 ms +closed +2 +500 +100 +1$/m);
  expect(text).toMatch(/^shop\/gcp\/europe-west1\/b:80 +unhealthy +0\.00 +- +open +2 +500 +100 +1 +drained$/m);
});

test('why it is not ready; colours if asked for', () => {
  const text = statusText(view(), { ready: false, checks: ['[-]threads failed: 0 of 2'] }, true, NOW_MS);
  expect(text).toContain('not ready; 1 of 2 endpoints healthy\n  [-]threads failed: 0 of 2\nversion');
  expect(text).toContain('\u001B[31munhealthy');
});

test('below the table: why an endpoint is not well, when it was checked and will be, and who moved its breaker', () => {
  const sick = endpoint('shop/gcp/europe-west1/b:80', {
    state: 'unhealthy',
    since: '2026-01-01T00:00:30.000Z',
    reason: 'reachability: connection refused',
    check: {
      last: '2026-01-01T00:01:55.000Z',
      outcome: 'failed',
      error: 'connection refused',
      next: '2026-01-01T00:02:04.000Z',
    },
    breaker: 'open',
    breakerSince: '2026-01-01T00:01:00.000Z',
    breakerBy: 'shop/gcp/europe-west1/b:80',
    breakerCause: 'answered 500',
  });
  const open = { breakerSince: '2026-01-01T00:01:30.000Z', breakerBy: sick.id, breakerCause: 'reset: ECONNRESET' };
  const clouds = [{ service: 'shop', cloud: 'gcp', breaker: 'open', ...open } as const];
  const endpoints = [endpoint('shop/aws/us-east-1/a:80'), sick];
  const text = statusText(view({ endpoints, clouds }), { ready: true, checks: [] }, false, NOW_MS);
  expect(text.split('\n').slice(6)).toEqual([
    '',
    `${sick.id}: unhealthy for 1 min: reachability: connection refused; last check 5 s ago; next in 4 s`,
    `${sick.id}: breaker open for 1 min: answered 500`,
    `shop on gcp: breaker open for 30 s: ${sick.id}: reset: ECONNRESET`,
    '',
  ]);
});
