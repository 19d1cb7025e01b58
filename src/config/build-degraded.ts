import type { CloudMap } from './cloud-map.ts';
import type { Document } from './schema.ts';
import { CACHE, DEGRADED, FALLBACK } from './schema-degraded.ts';
import type { DegradedPolicy } from './topology-degraded.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<Document['services']>[string]['degraded'];

/** The ladder of a service that asks for one. */
export function buildDegraded(given: Given, clouds: Pick<CloudMap, 'place'>): DegradedPolicy | undefined {
  if (given === undefined) return undefined;
  const { primary_timeout, wait } = complete(DEGRADED, given);
  const cache = complete(CACHE, given.cache);
  return {
    primaryMs: primary_timeout,
    waitMs: wait,
    cache: {
      store: cache.store,
      path: cache.path,
      bytes: cache.bytes,
      entries: cache.entries,
      entryBytes: cache.entry_bytes,
      freshMs: cache.fresh_for,
      credentialFields: cache.credential_fields.map((name) => name.toLowerCase()),
      staleMs: cache.stale_for,
      staleIfErrorMs: cache.stale_if_error,
      staleWhileRevalidateMs: cache.stale_while_revalidate,
    },
    fallbacks: (given.fallbacks ?? []).map((fallback, index) => {
      const { url, timeout, name, cloud, region, country } = complete(FALLBACK, fallback);
      const known = cloud === undefined || region === undefined ? undefined : clouds.place(cloud, region);
      const site = { cloud, region, country: country ?? known?.country ?? '' };
      return { name: name ?? `fallback-${index + 1}`, url, timeoutMs: timeout, site };
    }),
  };
}
