import type { RateLimit } from '../../config/topology-limits.ts';

/**
 * What a client that came too soon is told: `Retry-After` (RFC 9110 §10.2.3), and `RateLimit-Policy` and `RateLimit` as
 * draft-ietf-httpapi-ratelimit-headers-10 has them. The quota is what may come at once, its window the time in which that much is earned
 * again. Seconds are whole and rounded up, so that who waits for them does not come too soon again.
 */
export function rateLimitFields(
  name: string,
  { requestsPerSecond, burst }: RateLimit,
  waitMs: number,
): readonly string[] {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const windowS = Math.max(1, Math.ceil(burst / requestsPerSecond));
  return [
    'Retry-After',
    String(seconds),
    'RateLimit-Policy',
    `"${name}";q=${burst};w=${windowS}`,
    'RateLimit',
    `"${name}";r=0;t=${seconds}`,
  ];
}
