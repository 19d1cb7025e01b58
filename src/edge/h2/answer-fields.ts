import { SPECIFIC } from '../frames/hpack/field.ts';
import { KnownLines, type ReadLine, Said } from '../frames/hpack/known-lines.ts';
import { LineFields } from '../frames/hpack/line-fields.ts';
import { isChanging, OutField } from '../frames/hpack/out-field.ts';
import { dateLine, linesOf } from '../message/lines.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import { hasOwnFields, ownFields } from '../request/own-fields.ts';

/** The head of an answer: its status, the fields of lines as they came in HTTP/1.1, and those that this edge adds. */
export function answerFields(status: number, lines: string): OutField[] {
  const said = new Said();
  said.fields.push(statusField(status));
  LINES.said(lines, 0, said);
  return said.fields;
}

/** The same of what is behind a body. */
export function trailerFields(lines: string): OutField[] {
  const said = new Said();
  TRAILERS.said(lines, 0, said);
  return said.fields;
}

/** Adds the fields of lines, each of which has its CRLF. What is about a connection of HTTP/1.1 has no place here (RFC 9113 §8.2.2). */
export function pushLines(fields: OutField[], lines: string): void {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    const field = FIELDS.of(lines.slice(at, end));
    if (field !== NO_FIELD) fields.push(field);
    at = end + 2;
  }
}

/** Names and values alternating. */
export function pushHeaders(fields: OutField[], headers: readonly string[]): void {
  pushLines(fields, linesOf(headers));
}

/** What this edge says to every answer; the date where the endpoint said none. */
export function pushOwn(fields: OutField[], exchange: Exchange, attempt: Attempt | undefined, dated: boolean): void {
  if (!dated) pushLines(fields, dateLine());
  fields.push(REQUEST_ID.with(exchange.requestId));
  if (exchange.chaos !== '') pushHeaders(fields, ['chaos', exchange.chaos]);
  if (hasOwnFields(exchange) && attempt !== undefined) pushHeaders(fields, ownFields(exchange, attempt));
}

const REQUEST_ID = new OutField('x-request-id', '?');
/** Stands for what is about a connection of HTTP/1.1, and is not sent. */
const NO_FIELD = new OutField('', '');
const FIELDS = new LineFields((name, value) => (SPECIFIC.has(name) ? NO_FIELD : new OutField(name, value)));
const readLine: ReadLine = (line, { fields }) => {
  const field = FIELDS.of(line);
  if (field !== NO_FIELD) fields.push(field);
  return isChanging(field.name) ? 'changing' : 'same';
};
const LINES = new KnownLines(readLine);
const TRAILERS = new KnownLines(readLine);

const STATUSES: (OutField | undefined)[] = [];

function statusField(status: number): OutField {
  const known = STATUSES[status];
  if (known !== undefined) return known;
  const field = new OutField(':status', String(status));
  STATUSES[status] = field;
  return field;
}
