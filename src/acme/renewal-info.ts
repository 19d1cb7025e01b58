import type { Resource } from './authority.ts';
import type { RenewalWindow } from './renewal.ts';

/** What an authority says of one certificate: when to renew it, and when to ask again. */
export type RenewalInfo = { readonly window: RenewalWindow | undefined; readonly againMs: number };

/** How often it is asked; its `Retry-After` within these (RFC 9773 §4.3). */
export const RENEWAL_INFO_MS = 6 * 3_600_000;
const MIN_MS = 60_000;
const MAX_MS = 24 * 3_600_000;

/** Reads renewal information. A window that is none, since it ends before it begins, says nothing. */
export function renewalInfoOf({ value, retryAfterMs }: Pick<Resource, 'value' | 'retryAfterMs'>): RenewalInfo {
  const { start, end } = (value['suggestedWindow'] ?? {}) as { readonly start?: unknown; readonly end?: unknown };
  const [startMs, endMs] = [Date.parse(String(start)), Date.parse(String(end))];
  const againMs = retryAfterMs === 0 ? RENEWAL_INFO_MS : Math.min(MAX_MS, Math.max(MIN_MS, retryAfterMs));
  // NaN is never less.
  return { window: startMs < endMs ? { startMs, endMs } : undefined, againMs };
}
