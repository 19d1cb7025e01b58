import { decisionHeaders } from './decision-headers.ts';
import type { Attempt, Exchange } from './exchange.ts';

/** Whether this edge has more to say in an answer than who it is: one comparison for most. */
export function hasOwnFields({ explained, sticky }: Exchange): boolean {
  return explained || sticky !== undefined;
}

/** What it has to say, names and values alternating: why the answer came from there, and the cookie that keeps its client there. */
export function ownFields(exchange: Exchange, attempt: Attempt): string[] {
  const fields = exchange.explained ? decisionHeaders(exchange, attempt) : [];
  const cookie = exchange.sticky?.setCookie(attempt.index);
  if (cookie !== undefined) fields.push('Set-Cookie', cookie);
  return fields;
}
