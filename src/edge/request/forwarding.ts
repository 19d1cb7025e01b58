import type { Readable } from 'node:stream';
import type { Fault } from '../../resilience/fault.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Attempt, Exchange } from './exchange.ts';
import type { OnSwitch } from './switched.ts';

/** What can be done with the connection that an answer comes from. */
export type Flow = { pause(): void; resume(): void };

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

/** A body as it comes, with the trailers behind it once it has ended: names and values alternating. */
export type BodySource = Readable & { readonly rawTrailers?: readonly string[] };

/** Called with an interim answer (1xx), except 101. */
export type OnInterim = (head: AnswerHead) => void;

/** A request of another front, and how it is to be forwarded. */
export type ForwardOrder = {
  readonly exchange: Exchange;
  /** Its body, where it has one. */
  readonly body: BodySource | undefined;
  readonly interim: OnInterim;
  /** Called when the endpoint has switched protocols; set for a request that asks for that. */
  readonly onSwitch: OnSwitch | undefined;
};

/** Has a request forwarded; it goes on its way when it is launched, with whoever takes the answer. */
export type Forward = (order: ForwardOrder) => {
  readonly forwarding: Forwarding;
  readonly launch: (handler: AnswerHandler) => void;
};
