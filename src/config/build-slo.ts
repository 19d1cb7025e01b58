import type { Document } from './schema.ts';
import { SLO } from './schema-slo.ts';
import type { SloPolicy } from './topology.ts';
import { complete } from './zod-schema.ts';

/** What a service promises: its own block over that of the file, key by key. */
export function buildSlo(...layers: readonly Document['slo'][]): SloPolicy {
  const { objective, window, minimum_requests, minimum_errors } = complete(SLO, ...layers);
  return { objective, windowMs: window, minimumRequests: minimum_requests, minimumErrors: minimum_errors };
}
