import { isStreamType, STREAM_TYPES } from '../../table/stream-type.ts';
import { type AnswerHead, ReadHead } from './answer-head.ts';
import { headerOf } from './request-head.ts';

/**
 * Answers that are meant to rest between what they say: server-sent events, and whatever gRPC says, also by gRPC-Web. How long they may rest is
 * `timeouts.stream`; any other body on which nothing moves has got stuck, which is what `timeouts.idle` is for.
 */
const STREAM_LINE = new RegExp(`^content-type:[ \t]*(?:${STREAM_TYPES})`, 'im');

/** Whether an answer is a stream. */
export function isStream(head: AnswerHead): boolean {
  if (head instanceof ReadHead) return saysStream(head.lines);
  return isStreamType(headerOf(head.headers, 'content-type') ?? '');
}

/** The same of the lines of an answer's head. */
export function saysStream(lines: string): boolean {
  if (lines === lastLines) return lastSays;
  lastSays = STREAM_LINE.test(lines);
  lastLines = lines;
  return lastSays;
}

/** The heads of answers repeat. */
let lastLines = '';
let lastSays = false;
