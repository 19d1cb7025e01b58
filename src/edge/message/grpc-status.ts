import type { RequestHead } from './request-head.ts';

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

/** What an answer of gRPC means, by lines of its head or its trailers; 0 where they do not say it, or say that it is none of ours. */
export function meantByGrpc(lines: string): number {
  const said = /^grpc-status: (\d{1,3})\r$/im.exec(lines)?.[1];
  return said === undefined ? 0 : (MEANT[Number(said)] ?? 0);
}

/** Whether a request may be a call of gRPC whose client sends one message after the other; only by HTTP/2 there are any. */
export function isGrpcCall({ version, fields }: Pick<RequestHead, 'version' | 'fields'>): boolean {
  return version === '2.0' && isGrpc(fields.first('content-type') ?? '');
}

/** Whether an answer is one of gRPC. */
export function isGrpc(contentType: string): boolean {
  return /^application\/grpc(?:$|[+; ])/i.test(contentType);
}
