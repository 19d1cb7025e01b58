import { type AnswerHead, listOf, ReadHead } from '../message/answer-head.ts';
import { linesOf } from '../message/lines.ts';
import type { ResponseHead } from '../message/response-head.ts';
import type { Attempt, Exchange } from './exchange.ts';

/** The head of an answer as the rules of its service have it for the client, whoever gave the answer. */
export function ruledHead<T extends AnswerHead | undefined>(
  head: T,
  exchange: Exchange,
  by: Attempt | undefined,
): T | AnswerHead {
  const { rules } = exchange.state;
  if (head === undefined || rules?.changesAnswers !== true) return head;
  const { status, reason } = head;
  const lines = rules.response(head instanceof ReadHead ? head.lines : linesOf(head.headers), exchange, by?.endpoint);
  return head instanceof ReadHead ? head.with(lines) : { status, reason, headers: listOf(lines) };
}

/**
 * The head of an endpoint's answer, in which what it says of its own addresses is what its client knows them by. `head` stays as it is: its connection may
 * read the very same one again, and for another client.
 */
export function mappedHead(head: ResponseHead, exchange: Exchange, { endpoint }: Attempt): ReadHead {
  const { rules } = exchange.state;
  const read = new ReadHead(head);
  return rules === undefined ? read : read.with(rules.answer(head.lines, exchange, endpoint));
}

/** The lines of an endpoint's answer as its client gets them, where nothing is kept of it on the way; undefined: as they are. */
export function answerLines(lines: string, exchange: Exchange, { endpoint }: Attempt): string | undefined {
  const { rules } = exchange.state;
  if (rules === undefined) return undefined;
  const mapped = rules.answer(lines, exchange, endpoint);
  return rules.changesAnswers ? rules.response(mapped, exchange, endpoint) : mapped;
}
