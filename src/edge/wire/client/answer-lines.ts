import { linesOf } from '../../message/lines.ts';
import { decisionHeaders } from '../../request/decision-headers.ts';
import type { Attempt, Exchange } from '../../request/exchange.ts';

/** The lines that this edge adds to an endpoint's answer. */
export function ownLines(exchange: Exchange, attempt: Attempt): string {
  let lines = `X-Request-Id: ${exchange.requestId}\r\n`;
  if (exchange.chaos !== '') lines += `Chaos: ${exchange.chaos}\r\n`;
  if (exchange.explained) lines += linesOf(decisionHeaders(exchange, attempt));
  return lines;
}
