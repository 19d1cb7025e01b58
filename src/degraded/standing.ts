import type { CachePolicy } from '../config/topology.ts';
import type { Copy } from './copy.ts';

/**
 * What a copy is good for. `fresh`: as good as an answer for as long as its origin said. `granted`: stale, but origin or
 * policy allow it in just this trouble (RFC 5861). `old`: the last resort. `none`: not to be served.
 */
export type Standing = 'fresh' | 'granted' | 'old' | 'none';

/** How the endpoints are doing: `late`, they may still answer; `failed`, they will not. */
export type Trouble = 'late' | 'failed';

/** The standing of a copy at `nowMs`. What its origin says of staleness goes before what the policy says. */
export function standingOf(
  copy: Copy | undefined,
  nowMs: number,
  about: { readonly trouble: Trouble; readonly policy: CachePolicy },
): Standing {
  if (copy === undefined) return 'none';
  const staleMs = nowMs - copy.staleAtMs;
  if (staleMs < 0) return 'fresh';
  if (!copy.mayBeStale) return 'none';
  const { policy, trouble } = about;
  const grantedMs =
    trouble === 'failed'
      ? (copy.ifErrorMs ?? policy.staleIfErrorMs)
      : (copy.whileRevalidateMs ?? policy.staleWhileRevalidateMs);
  if (staleMs < grantedMs) return 'granted';
  return staleMs < policy.staleMs ? 'old' : 'none';
}

/** Until when a copy may be of use to anybody. */
export function keptUntilMs(copy: Omit<Copy, 'keptUntilMs'>, policy: CachePolicy): number {
  if (!copy.mayBeStale) return copy.staleAtMs;
  const longestMs = Math.max(
    policy.staleMs,
    copy.ifErrorMs ?? policy.staleIfErrorMs,
    copy.whileRevalidateMs ?? policy.staleWhileRevalidateMs,
  );
  return copy.staleAtMs + longestMs;
}

/** Whole seconds since the copy was made; never negative, even when the clock was set back. */
export function ageSeconds(copy: Copy, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - copy.bornMs) / 1000));
}
