import { CONTENT_LENGTH, kindOfName } from './field-kind.ts';
import { clientResponseHeaders } from './headers.ts';
import { linesOf } from './lines.ts';

/** The head of an answer as it stands on a connection. */
export function headText(status: number, reason: string, headers: readonly string[]): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${linesOf(headers)}\r\n`;
}

/** An interim answer (1xx) for the client, with every field that is not about the endpoint's own connection; it has no length (RFC 9110 §8.6). */
export function interimText(status: number, reason: string, raw: readonly string[]): string {
  return headText(status, reason, withoutLength(clientResponseHeaders(raw, false)));
}

/** Headers, names and values alternating, without Content-Length. */
export function withoutLength(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (kindOfName(name) !== CONTENT_LENGTH) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}
