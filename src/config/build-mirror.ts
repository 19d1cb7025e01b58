import type { Document } from './schema.ts';
import { MIRROR } from './schema-mirror.ts';
import type { MirrorPolicy } from './topology-mirror.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<NonNullable<Document['services']>[string]['mirror']>;

/** Where requests of a service are mirrored to; left out: nowhere. */
export function buildMirror(given: Given | undefined): { readonly mirror?: MirrorPolicy } {
  if (given === undefined) return {};
  const { to, share, methods, body, concurrent, timeout, credentials } = complete(MIRROR, given);
  return {
    mirror: {
      to,
      share,
      methods,
      bodyBytesMax: body,
      concurrentMax: concurrent,
      timeoutMs: timeout,
      passesCredentials: credentials === 'pass',
    },
  };
}
