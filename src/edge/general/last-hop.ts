import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerOf, type RequestHead } from '../message/request-head.ts';

/**
 * Requests that end here, whatever the service: `OPTIONS *` is about the server itself (RFC 9110 §9.3.7), and an OPTIONS or a TRACE whose
 * `Max-Forwards` is used up is about the hop that it has come to (§7.6.2).
 */
export function isForThisEdge({ method, target, headers }: RequestHead): boolean {
  if (target === '*') return true;
  if (method !== 'OPTIONS' && method !== 'TRACE') return false;
  return /^0+$/.test(headerOf(headers, 'max-forwards')?.trim() ?? '');
}

/** Answers one of them. A body, if it has one, is let go by first, since the next request comes behind it; unless its client waits for a 100 before it sends it. */
export function answerHere(request: IncomingMessage, response: ServerResponse, head: RequestHead): void {
  const answer = head.method === 'TRACE' ? trace : options;
  if (head.expectsContinue === true) return answer(response, head, ['Connection', 'close']);
  if (!head.hasBody) return answer(response, head, []);
  request.once('end', () => answer(response, head, []));
  request.resume();
}

function options(response: ServerResponse, _: RequestHead, more: readonly string[]): void {
  response.writeHead(204, ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS', ...more]);
  response.end();
}

/** What has come, for the client to see what became of it on the way; without anything that might be a secret (RFC 9110 §9.3.8). */
function trace(
  response: ServerResponse,
  { method, target, version, headers }: RequestHead,
  more: readonly string[],
): void {
  let text = `${method} ${target} HTTP/${version}\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    if (!SECRET.test(headers[i] as string)) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  }
  const body = Buffer.from(`${text}\r\n`, 'latin1');
  const about = ['Content-Type', 'message/http', 'Content-Length', String(body.length), 'Cache-Control', 'no-store'];
  response.writeHead(200, [...about, ...more]);
  response.end(body);
}

/** Names of fields that carry credentials, or are likely to. */
const SECRET = /auth|cookie|token|key|secret|credential|session|passw|signature|cert/i;
