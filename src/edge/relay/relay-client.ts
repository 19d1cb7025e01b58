import type { Fault } from '../../resilience/fault.ts';
import type { FaultContext, OwnAnswer } from '../message/answer.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { KeptBody } from './kept-body.ts';

/** Whose request it is: a client's connection, or a stream of one. */
export type RelayClient = {
  /** `length`: bytes of the body; negative when nobody knows how many. */
  readonly head: RequestHead & { readonly length: number };
  readonly body: KeptBody;
  /** The head of the request to an endpoint whose paths begin so. */
  requestText(exchange: Exchange, basePath: string): string;
  sendInterim(upstream: Upstream): void;
  /** The head of an endpoint's answer has come, and a piece of its body. */
  sendAnswer(upstream: Upstream, exchange: Exchange, attempt: Attempt): void;
  sendBody(upstream: Upstream): void;
  /** Tells the client of a fault instead of an answer, and ends the request. */
  sendFault(fault: Fault, context: FaultContext, requestEnded: boolean): void;
  /** Answers the request itself, and ends it. */
  sendOwn(answer: OwnAnswer, requestEnded: boolean): void;
  /** The answer has been written, at `nowMs` where that is known. */
  finished(requestEnded: boolean, nowMs?: number): void;
  /** The relay can take more of the body. */
  wantBody(): void;
  /** An error of our own in what is done for this client. */
  faulted(error: unknown): void;
  /** Half an answer is out, or nobody takes it: it must not look like a whole one. `fault`: why, where the protocol of the client can say it. */
  destroy(fault?: Fault): void;
};
