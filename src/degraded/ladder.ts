import type { Freshness } from './freshness.ts';

/**
 * The ladder, one step below the other:
 *
 *   endpoints in time → fresh copy (or a stale one that is allowed for this kind of failure) → fallbacks → stale copy →
 *   endpoints after all → a copy that its client would rather not have → 503
 *
 * An answer of the endpoints ends it whenever it comes, as long as nothing else was served.
 */
export type Situation = {
  /** `pending`: within their time. `late`: beyond it, but they may answer. `failed`: they will not. */
  readonly primary: 'pending' | 'late' | 'failed';
  readonly copy: Freshness;
  readonly fallbacks: { readonly tried: number; readonly all: number };
  /** Whether a late answer has been waited for as long as it may be. */
  readonly waited: boolean;
};

export type Step = 'await' | 'serve-copy' | 'ask-fallback' | 'hold-on' | 'refuse';

/** What to do next; `await` and `hold-on` both mean: nothing until something happens. */
export function nextStep({ primary, copy, fallbacks, waited }: Situation): Step {
  if (primary === 'pending') return 'await';
  if (copy === 'fresh' || copy === 'granted') return 'serve-copy';
  if (fallbacks.tried < fallbacks.all) return 'ask-fallback';
  if (copy === 'old') return 'serve-copy';
  if (primary === 'late' && !waited) return 'hold-on';
  return copy === 'unwanted' ? 'serve-copy' : 'refuse';
}

/** Statuses of an endpoint's answer that are no answer when there is something better (RFC 5861 §4). */
export const FAILED_STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504]);
