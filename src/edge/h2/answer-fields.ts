import { SPECIFIC } from '../frames/hpack/field.ts';
import { indexingOf, OutField } from '../frames/hpack/out-field.ts';
import { dateLine, linesOf } from '../message/lines.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import { hasOwnFields, ownFields } from '../request/own-fields.ts';

/** Lines that a thread remembers the fields of; when there are more, it begins anew. */
export const REMEMBERED_LINES_MAX = 4096;
/** Longer ones are not remembered. */
export const REMEMBERED_LINE_CHARS_MAX = 256;

/** The head of an answer: its status, the fields of lines as they came in HTTP/1.1, and those that this edge adds. */
export function answerFields(status: number, lines: string): OutField[] {
  const fields = [statusField(status)];
  pushLines(fields, lines);
  return fields;
}

/** Adds the fields of lines, each of which has its CRLF. What is about a connection of HTTP/1.1 has no place here (RFC 9113 §8.2.2). */
export function pushLines(fields: OutField[], lines: string): void {
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf('\r\n', at);
    const line = lines.slice(at, end);
    const field = REMEMBERED.get(line) ?? newField(line);
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
  fields.push(new OutField('x-request-id', exchange.requestId, 'literal'));
  if (exchange.chaos !== '') pushHeaders(fields, ['chaos', exchange.chaos]);
  if (hasOwnFields(exchange) && attempt !== undefined) pushHeaders(fields, ownFields(exchange, attempt));
}

const REMEMBERED = new Map<string, OutField>();
/** Stands for what is not sent. */
const NO_FIELD = new OutField('', '', 'literal');

function newField(line: string): OutField {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).toLowerCase();
  const value = line.slice(startOfValue(line, colon + 1), endOfValue(line));
  const indexing = indexingOf(name, value);
  const field = SPECIFIC.has(name) ? NO_FIELD : new OutField(name, value, indexing);
  // What is different each time would only push others out.
  if (indexing === 'indexed' && line.length <= REMEMBERED_LINE_CHARS_MAX) {
    if (REMEMBERED.size >= REMEMBERED_LINES_MAX) REMEMBERED.clear();
    REMEMBERED.set(line, field);
  }
  return field;
}

function startOfValue(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

function endOfValue(line: string): number {
  let at = line.length;
  while (isBlank(line.charCodeAt(at - 1))) at -= 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

const STATUSES: (OutField | undefined)[] = [];

function statusField(status: number): OutField {
  const known = STATUSES[status];
  if (known !== undefined) return known;
  const field = new OutField(':status', String(status));
  STATUSES[status] = field;
  return field;
}
