import type { AccessSampling } from '../config/access-sampling.ts';
import type { AccessRecord } from '../table/access-record.ts';

/**
 * Whether the access log has a line for a request. The sample is drawn from the request's id: every edge that a request passes decides
 * alike, and nobody who looks for an id finds half of its way.
 */
export function isSampled(record: AccessRecord, { sample, always, slowMs }: AccessSampling): boolean {
  if (sample >= 1 || drawOf(record.requestId) < sample) return true;
  for (const what of always) {
    if (what === 'errors' && (record.status >= 500 || record.how === 'broken')) return true;
    if (what === 'failovers' && record.attempts.length > 1) return true;
    if (what === 'slow' && record.tookMs >= slowMs) return true;
  }
  return false;
}

/** From 0 up to 1, evenly for ids that differ anywhere (FNV-1a, stirred once more at the end). */
export function drawOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
