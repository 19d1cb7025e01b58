import { type Endpoints, qualityOf, type Source } from '../table/quality.ts';
import type { Copy } from './copy.ts';
import { ageSeconds } from './freshness.ts';

/** What the cache did with the request when an endpoint or a fallback answered it (RFC 9211 §2.2). */
export type Forwarded = 'uri-miss' | 'stale' | 'bypass' | 'method';

/** Why a request went to the endpoints although there is a cache: here they always come first. */
export function forwardedFor(method: string, staleAtMs: number | undefined, nowMs: number): Forwarded {
  if (method !== 'GET' && method !== 'HEAD') return 'method';
  if (staleAtMs === undefined) return 'uri-miss';
  return staleAtMs > nowMs ? 'bypass' : 'stale';
}

/** Headers of an endpoint's or fallback's answer, names and values alternating. */
export function forwardedHeaders(
  source: Extract<Source, 'endpoint' | 'fallback'>,
  about: { readonly forwarded: Forwarded; readonly stored: boolean; readonly endpoints: Endpoints },
): string[] {
  return [
    'Cache-Status',
    `meridian; fwd=${about.forwarded}${about.stored ? '; stored' : ''}`,
    ...quality(source, about.endpoints),
  ];
}

/** Headers of an answer of the endpoints that another request had fetched a moment ago. */
export function collapsedHeaders(copy: Copy, nowMs: number): string[] {
  const age = String(ageSeconds(copy, nowMs));
  return ['Cache-Status', 'meridian; fwd=uri-miss; collapsed', 'Age', age, ...quality('endpoint', 'well')];
}

/** Headers of a copy. `status` is what the endpoints answered, when they did. */
export function copyHeaders(
  copy: Copy,
  nowMs: number,
  about: {
    readonly source: Extract<Source, 'cache' | 'stale'>;
    readonly status: number | undefined;
    readonly endpoints: Endpoints;
  },
): string[] {
  const ttl = Math.ceil((copy.staleAtMs - nowMs) / 1000);
  const how = ttl > 0 ? 'hit' : `fwd=stale${about.status === undefined ? '' : `; fwd-status=${about.status}`}`;
  const age = String(ageSeconds(copy, nowMs));
  return ['Cache-Status', `meridian; ${how}; ttl=${ttl}`, 'Age', age, ...quality(about.source, about.endpoints)];
}

function quality(source: Exclude<Source, 'none'>, endpoints: Endpoints): string[] {
  return ['Service-Quality', qualityOf(source, endpoints) as string];
}
