import { isBlank } from './blank.ts';
import type { ResponseHead } from './response-head.ts';

/** The head of an answer: what of it goes to the client, names and values of its headers alternating, one character a byte. */
export type AnswerHead = { readonly status: number; readonly reason: string; readonly headers: readonly string[] };

/** One that was read from a connection: the lines that go to the client are here, and are told apart only where somebody asks. */
export class ReadHead implements AnswerHead {
  readonly status: number;
  readonly reason: string;
  readonly lines: string;
  /** Bytes of the body, as the endpoint says; negative when it does not. */
  readonly length: number;
  /** Whether there is a Date among the lines. */
  readonly dated: boolean;
  #headers: readonly string[] | undefined;

  constructor({
    status,
    reason,
    lines,
    length,
    dated,
  }: Pick<ResponseHead, 'status' | 'reason' | 'lines' | 'length' | 'dated'>) {
    this.status = status;
    this.reason = reason;
    this.lines = lines;
    this.length = length;
    this.dated = dated;
  }

  /** The same head with other lines, which say nothing else of its length and its date. */
  with(lines: string): ReadHead {
    const { status, reason, length, dated } = this;
    return new ReadHead({ status, reason, lines, length, dated });
  }

  get headers(): readonly string[] {
    this.#headers ??= listOf(this.lines);
    return this.#headers;
  }
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
