/** Nobody is believed who wants to be left alone for longer. */
export const RETRY_AFTER_MS_MAX = 24 * 3_600_000;

/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds, seconds or a date; 0 when there is none that can be read. */
export function retryAfterMs(field: string | undefined, wallMs: number): number {
  if (field === undefined) return 0;
  const ms = /^\d{1,10}$/.test(field.trim()) ? Number(field) * 1000 : Date.parse(field) - wallMs;
  return Number.isFinite(ms) ? Math.min(RETRY_AFTER_MS_MAX, Math.max(0, ms)) : 0;
}
