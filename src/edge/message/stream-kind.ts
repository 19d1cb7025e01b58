import { type AnswerHead, ReadHead } from './answer-head.ts';
import { headerOf } from './request-head.ts';

/**
 * Answers that are meant to rest between what they say: server-sent events, and whatever gRPC says, also by gRPC-Web. How long they may rest is
 * `timeouts.stream`; any other body on which nothing moves has got stuck, which is what `timeouts.idle` is for.
 */
const STREAM = 'text/event-stream|application/grpc';
const STREAM_TYPE = new RegExp(`^(?:${STREAM})`, 'i');
const STREAM_LINE = new RegExp(`^content-type:[ \t]*(?:${STREAM})`, 'im');

/** Whether an answer is a stream. */
export function isStream(head: AnswerHead): boolean {
  if (head instanceof ReadHead) return saysStream(head.lines);
  return STREAM_TYPE.test(headerOf(head.headers, 'content-type') ?? '');
}

/** The same of the lines of an answer's head. */
export function saysStream(lines: string): boolean {
  return STREAM_LINE.test(lines);
}
