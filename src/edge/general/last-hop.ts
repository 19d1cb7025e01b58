import type { IncomingMessage, ServerResponse } from 'node:http';
import { lastHopAnswer } from '../message/last-hop.ts';
import type { RequestHead } from '../message/request-head.ts';

/**
 * Answers a request that ends here. A body, if it has one, is let go by first, since the next request comes behind it; unless its client
 * waits for a 100 before it sends it.
 */
export function answerHere(request: IncomingMessage, response: ServerResponse, head: RequestHead): void {
  if (head.expectsContinue === true) return answer(response, head, ['Connection', 'close']);
  if (!head.hasBody) return answer(response, head, []);
  request.once('end', () => answer(response, head, []));
  request.resume();
}

function answer(response: ServerResponse, head: RequestHead, more: readonly string[]): void {
  const { status, headers, body } = lastHopAnswer(head);
  const bytes = Buffer.from(body, 'latin1');
  const length = status === 204 ? [] : ['Content-Length', String(bytes.length)];
  response.writeHead(status, [...headers, ...length, ...more]);
  response.end(bytes);
}
