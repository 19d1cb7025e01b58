import { reasonOf } from './answer-line.ts';
import { CONTENT_LENGTH, kindOfName } from './field-kind.ts';
import { clientResponseHeaders } from './headers.ts';

/** An interim answer (1xx) for the client, as it stands on the connection: with every field that is not about the endpoint's own. */
export function interimText(status: number, reason: string, raw: readonly string[]): string {
  const headers = clientResponseHeaders(raw, false);
  let text = `HTTP/1.1 ${status} ${reasonOf(status, reason)}\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    // It has no body, and no length either (RFC 9110 §8.6).
    if (kindOfName(name.toLowerCase()) !== CONTENT_LENGTH) text += `${name}: ${headers[i + 1]}\r\n`;
  }
  return `${text}\r\n`;
}
