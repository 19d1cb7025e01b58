import { isNotModified, notModifiedHeaders } from '../../degraded/conditional.ts';
import type { Copy, HeaderLookup } from '../../degraded/copy.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Flow } from '../request/forwarding.ts';

export type WholeReply = { readonly head: AnswerHead; readonly body: Buffer };

/** What a copy answers a request: itself, or, to a client that has it already, that nothing has changed. */
export function copyAnswer(copy: Copy, header: HeaderLookup): WholeReply {
  if (isNotModified(copy, header)) {
    return { head: { status: 304, reason: 'Not Modified', headers: notModifiedHeaders(copy) }, body: NOTHING };
  }
  return { head: { status: copy.status, reason: copy.reason, headers: copy.headers }, body: copy.body };
}

const NOTHING = Buffer.alloc(0);

const NOT_CACHED_BODY = Buffer.from(
  '504 Gateway Timeout: there is no copy here that this request may be answered with\n',
);

/** What a client gets that wants a copy or nothing when there is none for it (RFC 9111 §5.2.1.7). */
export const NOT_CACHED: WholeReply = {
  head: {
    status: 504,
    reason: 'Gateway Timeout',
    headers: [
      'Content-Type',
      'text/plain; charset=utf-8',
      'Content-Length',
      String(NOT_CACHED_BODY.length),
      'Cache-Control',
      'no-store',
      'Cache-Status',
      'meridian; detail=only-if-cached',
    ],
  },
  body: NOT_CACHED_BODY,
};

/** Of an answer that is here as a whole: there is nothing to pause. */
export const WHOLE: Flow = { pause: () => {}, resume: () => {} };
