import type { HeaderFields } from '../message/request-head.ts';

/** A request that has been through this many Meridian edges is going in circles, even if each of them is a new one. */
export const EDGES_MAX = 8;

/** Every edge's name in `Via` begins with it. */
export const PSEUDONYM_PREFIX = 'meridian-';

/** This edge's name in `Via` (RFC 9110 §7.6.3): a pseudonym, since a host name says more than others are to know. */
export function pseudonymOf(edgeId: string): string {
  return PSEUDONYM_PREFIX + edgeId.replaceAll(/[^A-Za-z0-9._~-]/g, '-');
}

/** Whether a request has been here before, or through too many edges. */
export function loops(fields: HeaderFields, pseudonym: string): boolean {
  const via = fields.joined('via');
  if (via === undefined || !via.includes(PSEUDONYM_PREFIX)) return false;
  const hops = via.split(',').map((hop) => hop.trim().split(/\s+/)[1] ?? '');
  return hops.includes(pseudonym) || hops.filter((name) => name.startsWith(PSEUDONYM_PREFIX)).length >= EDGES_MAX;
}
