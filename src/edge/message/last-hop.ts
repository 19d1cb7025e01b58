import type { OwnAnswer } from './answer.ts';
import { headerOf, type RequestHead } from './request-head.ts';

/**
 * Requests that end here, whatever the service: `OPTIONS *` is about the server itself (RFC 9110 §9.3.7), and an OPTIONS or a TRACE whose
 * `Max-Forwards` is used up is about the hop that it has come to (§7.6.2).
 */
export function isForThisEdge({ method, target, headers }: RequestHead): boolean {
  if (target === '*') return true;
  if (method !== 'OPTIONS' && method !== 'TRACE') return false;
  return /^0+$/.test(headerOf(headers, 'max-forwards')?.trim() ?? '');
}

/** The answer to one of them. */
export function lastHopAnswer(head: RequestHead): OwnAnswer {
  return head.method === 'TRACE' ? trace(head) : OPTIONS;
}

const OPTIONS: OwnAnswer = {
  status: 204,
  headers: ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
  body: '',
};

/** What has come, for the client to see what became of it on the way; without anything that might be a secret (RFC 9110 §9.3.8). */
function trace({ method, target, version, host, headers }: RequestHead): OwnAnswer {
  let text = `${method} ${target} HTTP/${version}\r\n`;
  // HTTP/2 has it elsewhere.
  if (host !== '' && headerOf(headers, 'host') === undefined) text += `Host: ${host}\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    if (!SECRET.test(headers[i] as string)) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  }
  return { status: 200, headers: ['Content-Type', 'message/http', 'Cache-Control', 'no-store'], body: `${text}\r\n` };
}

/** Names of fields that carry credentials, or are likely to. */
const SECRET = /auth|cookie|token|key|secret|credential|session|passw|signature|cert/i;
