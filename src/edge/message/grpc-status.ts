import type { FaultKind } from '../../resilience/fault.ts';
import type { RequestHead } from './request-head.ts';

export const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;
/** Nobody could serve it now, and nobody has begun to: it may be asked of somebody else. */
const UNAVAILABLE = 14;

/**
 * The status of HTTP that a status of gRPC means (the codes of grpc.StatusCode, in the mapping that Google's APIs publish): gRPC says 200
 * whatever becomes of a call. Codes that are left out say that the call was not as it should be, which is nobody's failure here.
 */
const MEANT: Readonly<Record<number, number>> = {
  2: 500,
  4: 504,
  8: 429,
  12: 501,
  13: 500,
  [UNAVAILABLE]: 503,
  15: 500,
};

/** Codes of our own faults where the status of HTTP is not enough to tell them. */
const OF_FAULT: Partial<Record<FaultKind, number>> = {
  deadline: DEADLINE_EXCEEDED,
  'rate-limited': RESOURCE_EXHAUSTED,
  'concurrency-limited': RESOURCE_EXHAUSTED,
  'body-limited': RESOURCE_EXHAUSTED,
  'target-limited': RESOURCE_EXHAUSTED,
  'head-limited': RESOURCE_EXHAUSTED,
  fenced: PERMISSION_DENIED,
};

/**
 * The status of gRPC that a client gets for a fault of this edge, which would be `status` in HTTP: what clients would make of that themselves ("HTTP to gRPC
 * Status Code Mapping"), where there is nothing better.
 */
export function grpcStatusOf(kind: FaultKind, status: number): number {
  const own = OF_FAULT[kind];
  if (own !== undefined) return own;
  if (status === 404) return UNIMPLEMENTED;
  return status === 400 || status === 508 ? INTERNAL : UNAVAILABLE;
}

/** What an answer of gRPC means, by lines of its head or its trailers; 0 where they do not say it, or say that it is none of ours. */
export function meantByGrpc(lines: string): number {
  // Most trailers say what those before them said.
  if (lines === lastLines) return lastMeant;
  const said = /^grpc-status: (\d{1,3})\r$/im.exec(lines)?.[1];
  lastMeant = said === undefined ? 0 : (MEANT[Number(said)] ?? 0);
  lastLines = lines;
  return lastMeant;
}

let lastLines = '';
let lastMeant = 0;

/** Whether a request may be a call of gRPC whose client sends one message after the other; only by HTTP/2 there are any. */
export function isGrpcCall({ version, fields }: Pick<RequestHead, 'version' | 'fields'>): boolean {
  return version === '2.0' && isGrpc(fields.first('content-type') ?? '');
}

/** Whether an answer is one of gRPC. */
export function isGrpc(contentType: string): boolean {
  return /^application\/grpc(?:$|[+; ])/i.test(contentType);
}
