import type { Fault } from '../../resilience/fault.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';

/** A client's request that is being forwarded, as its delivery sees it, whoever answers it. */
export type Forwarding = {
  readonly exchange: Exchange;
  /** The head of the answer that is delivered. */
  readonly head: AnswerHead | undefined;
  readonly trailers: readonly string[];
  /** Headers that this edge adds to the answer, names and values alternating. */
  readonly added: readonly string[];
  /** The attempt whose answer is delivered; undefined when no endpoint gave it. */
  readonly answeredBy: Attempt | undefined;
  /** What ended it without an answer, and the status for that where it is not the fault's own. */
  readonly fault: Fault | undefined;
  readonly faultStatus: number | undefined;
  /** The client has left, or has all it wanted. */
  abandon(): void;
};
