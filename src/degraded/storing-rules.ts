import type { CachePolicy } from '../config/topology-degraded.ts';
import type { RequestTraits } from './request-traits.ts';

/** Heads beyond this are not kept, whatever the limits: a copy is for its body. */
export const COPY_HEAD_BYTES_MAX = 16 * 1024;

/** What an answer says of being kept. */
export type Labels = {
  readonly status: number;
  /** It names its lifetime: `max-age`, `s-maxage` or `Expires`. */
  readonly explicit: boolean;
  /** It says that it is for everybody: `public` or `s-maxage`. */
  readonly shared: boolean;
  readonly mustRevalidate: boolean;
  readonly noCache: boolean;
  /** It is made of events, or of what gRPC says: it is said to one client as it happens. */
  readonly stream: boolean;
  readonly contentLength: number;
  readonly headChars: number;
};

/** Whether this house keeps an answer that RFC 9111 lets a shared cache keep. */
export function mayKeep(labels: Labels, asked: RequestTraits, policy: CachePolicy): boolean {
  const { status, explicit } = labels;
  if (labels.noCache || labels.stream || !LABELLED.has(status)) return false;
  if (!explicit && !UNLABELLED.has(status)) return false;
  if (asked.selective && status !== 200) return false;
  if (!isForEverybody(labels, asked, policy)) return false;
  return labels.contentLength <= policy.entryBytes && labels.headChars <= COPY_HEAD_BYTES_MAX;
}

/** Whether somebody has said, or it is safe to say, that others may get what one was answered. */
function isForEverybody(
  { explicit, shared, mustRevalidate }: Labels,
  asked: RequestTraits,
  policy: CachePolicy,
): boolean {
  if (shared) return true;
  // Most of what is for one client alone was asked for with something that says who asks; its origin does not always say so.
  if (asked.credentials) return false;
  // Where its origin says nothing, only the file can say that it may be kept at all.
  if (!explicit) return policy.freshMs !== undefined && !asked.authorization;
  return !asked.authorization || mustRevalidate;
}

/**
 * Statuses that are kept when their origin names a lifetime. Errors that a strange field of one request brings about (400,
 * 405, 413, 416, 431 …) are not among them, nor is any 5xx: one client could make them everybody's answer.
 */
const LABELLED: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 302, 307, 308, 404, 410, 451]);

/** Those that are kept although their origin names none. A 404 is not: it may be a deployment that is half done. */
const UNLABELLED: ReadonlySet<number> = new Set([200, 203, 300, 301, 308]);
