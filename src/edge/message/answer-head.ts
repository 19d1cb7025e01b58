import type { ResponseHead } from './response-head.ts';

/** The head of an answer: what of it goes to the client, names and values of its headers alternating, one character a byte. */
export type AnswerHead = { readonly status: number; readonly reason: string; readonly headers: readonly string[] };

/** The head that was read last on a connection. */
export function answerHeadOf({ status, reason, lines }: ResponseHead): AnswerHead {
  return { status, reason, headers: listOf(lines) };
}

/** Names and values of header lines, each of which has its CRLF, without the white space around values. */
export function listOf(lines: string): readonly string[] {
  const list: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    const colon = lines.indexOf(':', at);
    list.push(lines.slice(at, colon), valueOf(lines, colon + 1, end));
    at = end + 2;
  }
  return list;
}

function valueOf(lines: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(lines.charCodeAt(from))) from += 1;
  while (to > from && isBlank(lines.charCodeAt(to - 1))) to -= 1;
  return lines.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
