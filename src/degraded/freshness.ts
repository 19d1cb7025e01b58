import type { CachePolicy } from '../config/topology-degraded.ts';
import type { Copy } from './copy.ts';
import { acceptsStale, isFreshEnough, NO_WISHES, type Wishes } from './wishes.ts';

/**
 * What a copy is good for. `fresh`: as good as an answer for as long as its origin said. `granted`: stale, but origin,
 * policy or client allow it for this kind of failure (RFC 5861). `old`: the last resort. `unwanted`: its client would rather
 * have none, so it is worth less than waiting. `none`: not to be served.
 */
export type Freshness = 'fresh' | 'granted' | 'old' | 'unwanted' | 'none';

/** How the endpoints are doing: `late`, they may still answer; `failed`, they will not. */
export type PrimaryFailure = 'late' | 'failed';

/** Clocks of threads and processes that share copies may be this far apart; what is from later was made by a wrong one. */
export const AHEAD_MS_MAX = 5000;

export type FreshnessAbout = {
  readonly primary: PrimaryFailure;
  readonly policy: CachePolicy;
  readonly wishes?: Wishes;
};

/** The freshness of a copy at `nowMs`. What its origin says of staleness goes before what the policy says. */
export function freshnessOf(copy: Copy | undefined, nowMs: number, about: FreshnessAbout): Freshness {
  if (copy === undefined) return 'none';
  const { policy, primary, wishes = NO_WISHES } = about;
  if (isFresh(copy, nowMs)) return isFreshEnough(copy, wishes, nowMs) ? 'fresh' : 'unwanted';
  return copy.mayBeStale ? staleness(copy, nowMs, { policy, primary, wishes }) : 'none';
}

function staleness(copy: Copy, nowMs: number, { policy, primary, wishes }: Required<FreshnessAbout>): Freshness {
  const staleMs = nowMs - copy.staleAtMs;
  const grantedMs =
    primary === 'failed'
      ? (copy.ifErrorMs ?? policy.staleIfErrorMs)
      : (copy.whileRevalidateMs ?? policy.staleWhileRevalidateMs);
  const isKept = staleMs < Math.max(grantedMs, policy.staleMs);
  if (!acceptsStale(copy, wishes, nowMs)) return isKept ? 'unwanted' : 'none';
  const acceptedMs = Math.max(grantedMs, Math.min(wishes.maxStaleMs ?? 0, policy.staleMs));
  // How old a copy from a clock that was ahead really is, nobody knows.
  if (staleMs < acceptedMs && staleMs >= 0) return 'granted';
  return isKept ? 'old' : 'none';
}

/** Whether a copy serves a client that wants nothing but a copy (`only-if-cached`): a fresh one, or as stale as it says. */
export function servesAlone(copy: Copy, wishes: Wishes, nowMs: number): boolean {
  if (isFresh(copy, nowMs)) return isFreshEnough(copy, wishes, nowMs);
  const staleMs = nowMs - copy.staleAtMs;
  return copy.mayBeStale && acceptsStale(copy, wishes, nowMs) && staleMs >= 0 && staleMs <= (wishes.maxStaleMs ?? -1);
}

/** Within its lifetime, and not from after now. */
export function isFresh(copy: Copy, nowMs: number): boolean {
  return nowMs < copy.staleAtMs && copy.bornMs <= nowMs + AHEAD_MS_MAX;
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
