import { SPECIFIC } from '../frames/hpack/field.ts';
import { KnownLines, type ReadLine, Said } from '../frames/hpack/known-lines.ts';
import { LineFields } from '../frames/hpack/line-fields.ts';
import { NamedFields } from '../frames/hpack/named-fields.ts';
import { isChanging, OutField } from '../frames/hpack/out-field.ts';
import { dateLine } from '../message/lines.ts';
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

/** The head of an answer that is this edge's own: names and values alternating. `length`: bytes of its body, where that is to be said. */
export function ownAnswerFields(status: number, headers: readonly string[], length: number | undefined): OutField[] {
  const fields = [statusField(status)];
  if (length !== undefined) fields.push(LENGTH.with(String(length)));
  pushHeaders(fields, headers);
  return fields;
}

/** Names and values alternating. What is about a connection of HTTP/1.1 has no place here (RFC 9113 §8.2.2). */
export function pushHeaders(fields: OutField[], headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    const field = NAMED.of(headers[i] as string, headers[i + 1] as string);
    if (field !== NO_FIELD) fields.push(field);
  }
}

/** The date of an answer that has none. */
export function pushDate(fields: OutField[]): void {
  const line = dateLine();
  if (line !== lastDate.line) lastDate = { line, field: FIELDS.of(line.slice(0, -2)) };
  fields.push(lastDate.field);
}

/** What this edge says to every answer; the date where the endpoint said none. */
export function pushOwn(fields: OutField[], exchange: Exchange, attempt: Attempt | undefined, dated: boolean): void {
  if (!dated) pushDate(fields);
  fields.push(REQUEST_ID.with(exchange.requestId));
  if (exchange.chaos !== '') pushHeaders(fields, ['chaos', exchange.chaos]);
  if (hasOwnFields(exchange) && attempt !== undefined) pushHeaders(fields, ownFields(exchange, attempt));
}

const REQUEST_ID = new OutField('x-request-id', '?');
const LENGTH = new OutField('content-length', '?');
/** Stands for what is about a connection of HTTP/1.1, and is not sent. */
const NO_FIELD = new OutField('', '');
const FIELDS = new LineFields((name, value) => (SPECIFIC.has(name) ? NO_FIELD : new OutField(name, value)));
const readLine: ReadLine = (line, { fields }) => {
  const field = FIELDS.of(line);
  if (field !== NO_FIELD) fields.push(field);
  return isChanging(field.name) ? 'changing' : 'same';
};
const NAMED = new NamedFields((name, value) => FIELDS.of(`${name}: ${value}`));
let lastDate = { line: '', field: NO_FIELD };
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
