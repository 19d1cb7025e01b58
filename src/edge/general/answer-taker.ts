import type { Fault } from '../../resilience/fault.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { UpstreamAttempt } from '../upstream/attempt.ts';

/** Takes the answer of one of a request's attempts, part by part. */
export type AnswerTaker = {
  takeHead(one: UpstreamAttempt, head: AnswerHead): void;
  takeData(one: UpstreamAttempt, chunk: Buffer): void;
  takeEnd(one: UpstreamAttempt, trailers: readonly string[]): void;
  /** There will be no answer, or no more of it. */
  takeFault(one: UpstreamAttempt, fault: Fault): void;
};
