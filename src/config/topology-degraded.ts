import type { EndpointUrl } from './topology-endpoint.ts';
import type { Site } from './topology-fence.ts';

/** The ladder: endpoints within `primaryMs`, a fresh copy, the fallbacks, a stale copy, 503. */
export type DegradedPolicy = {
  /** From the request to the first byte of an endpoint's answer. */
  readonly primaryMs: number;
  /** With nothing else left, a late answer of the endpoints is waited for this much longer. */
  readonly waitMs: number;
  readonly cache: CachePolicy;
  /** In the order in which they are asked. */
  readonly fallbacks: readonly Fallback[];
};

/** `bytes` and `entries` are over all edge threads, and at least 1. */
export type CachePolicy = {
  readonly store: 'memory' | 'sqlite';
  /** The file of `sqlite`; undefined for `memory`. */
  readonly path: string | undefined;
  readonly bytes: number;
  readonly entries: number;
  readonly entryBytes: number;
  /** Lifetime of a copy whose answer names none; undefined: such an answer is not kept. */
  readonly freshMs: number | undefined;
  /** Request fields in lower case that tell who asks, beside `authorization` and `cookie`. */
  readonly credentialFields: readonly string[];
  /** How long after its lifetime a copy is the last resort. */
  readonly staleMs: number;
  /** RFC 5861, where the answer itself says nothing. */
  readonly staleIfErrorMs: number;
  readonly staleWhileRevalidateMs: number;
};

/** A backend that is no endpoint: it has no row in the table, no health and no breaker. */
export type Fallback = {
  /** What strangers may know of it: never where it is. */
  readonly name: string;
  readonly url: EndpointUrl;
  readonly timeoutMs: number;
  /** Where it is, for fences. */
  readonly site: Site;
};
