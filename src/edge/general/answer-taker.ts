import type { Fault } from '../../resilience/fault.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { UpstreamAttempt } from '../upstream/attempt.ts';
import type { Flow } from './held-answer.ts';

/** Takes the answer of one of a request's attempts, part by part. */
export type AnswerTaker = {
  takeHead(one: UpstreamAttempt, head: AnswerHead): void;
  takeData(one: UpstreamAttempt, chunk: Buffer): void;
  takeEnd(one: UpstreamAttempt, trailers: readonly string[]): void;
  /** There will be no answer, or no more of it. */
  takeFault(one: UpstreamAttempt, fault: Fault): void;
};

/** Whoever the answer to a request is for, once it is known which one that is. What it is can be seen from its `Forwarding`. */
export type AnswerHandler = {
  answerBegun(source: Flow): void;
  /** Whether what comes next may be lent: it is overwritten then unless `answerData` says that it is still needed. */
  readonly takesLent: boolean;
  /** Returns whether the chunk is of no more use, so that its memory may be used again. */
  answerData(source: Flow, chunk: Buffer): boolean;
  answerEnded(source: Flow): void;
  /** There is no answer, or no more of it. */
  answerFailed(): void;
};
