import type { Document } from './schema.ts';
import { STICKY } from './schema-sticky.ts';
import type { StickyPolicy } from './topology-sticky.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<Document['services']>[string]['sticky'];

/** How a service keeps clients with endpoints; undefined where it does not. */
export function buildSticky(given: Given): StickyPolicy | undefined {
  if (given === undefined) return undefined;
  const { by, header, cookie, secrets, ttl, same_site, secure, on_failure, load } = complete(STICKY, given);
  return {
    // The schema needs it.
    by: by ?? 'client',
    header: header ?? '',
    cookie: { name: cookie, secrets: secrets ?? [], ttlMs: ttl, sameSite: same_site, secure },
    onFailure: on_failure,
    loadMax: load,
  };
}
