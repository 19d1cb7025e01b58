import { linesOf } from '../../message/lines.ts';
import type { Attempt, Exchange } from '../../request/exchange.ts';
import { hasOwnFields, ownFields } from '../../request/own-fields.ts';

/** The lines that this edge adds to an endpoint's answer. */
export function ownLines(exchange: Exchange, attempt: Attempt): string {
  let lines = `X-Request-Id: ${exchange.requestId}\r\n`;
  if (exchange.chaos !== '') lines += `Chaos: ${exchange.chaos}\r\n`;
  if (hasOwnFields(exchange)) lines += linesOf(ownFields(exchange, attempt));
  return lines;
}
