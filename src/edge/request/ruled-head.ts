import { type AnswerHead, listOf, ReadHead } from '../message/answer-head.ts';
import { linesOf } from '../message/lines.ts';
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

/** What an endpoint's answer says of the endpoint's own addresses becomes what its client knows them by. */
export function mapBack(head: { lines: string }, exchange: Exchange, { endpoint }: Attempt): void {
  const { rules } = exchange.state;
  if (rules !== undefined) head.lines = rules.answer(head.lines, exchange, endpoint);
}

/** Both at once, where nothing is kept of the answer in between. */
export function ruleAnswer(head: { lines: string }, exchange: Exchange, attempt: Attempt): void {
  const { rules } = exchange.state;
  if (rules === undefined) return;
  mapBack(head, exchange, attempt);
  if (rules.changesAnswers) head.lines = rules.response(head.lines, exchange, attempt.endpoint);
}
