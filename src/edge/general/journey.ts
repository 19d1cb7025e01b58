import type { Fault } from '../../resilience/fault.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';

/** A client's request under way, as the engine sees it; who answers it is its own business. */
export type Journey = {
  readonly exchange: Exchange;
  /** The head of the answer that is delivered. */
  readonly head: AnswerHead | undefined;
  readonly trailers: readonly string[];
  /** What this edge has to say of the answer: headers, names and values alternating. */
  readonly said: readonly string[];
  /** The try whose answer is delivered; undefined when no endpoint gave it. */
  readonly answeredBy: Attempt | undefined;
  /** What ended it without an answer, and the status for that where it is not the fault's own. */
  readonly fault: Fault | undefined;
  readonly faultStatus: number | undefined;
  /** The client has left, or has all it wanted. */
  abandon(): void;
};
