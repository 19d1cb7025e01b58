import type { Message } from './message-reader.ts';

/**
 * A message without what may differ from one engine to the other, or from one request to the next: the order of headers that do
 * not share a name, the spelling of those that an engine writes itself, dates, random ids, and what says that an HTTP/1.1
 * connection is kept, which it is anyway.
 */
export type Normal = {
  readonly start: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly framing: Message['framing'];
  readonly trailers: readonly string[];
};

/** Bodies longer than this are told by their length and their sum. */
const BODY_SHOWN = 4096;

/** Names that the engines write themselves; all others are kept in the sender's spelling. */
const OWN: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'te']);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function normalMessage({ start, headers, body, framing, trailers }: Message): Normal {
  const empty = body === '' && trailers.length === 0 && !start.startsWith('HTTP/');
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (empty && FRAMING.has(name.toLowerCase())) continue;
    const line = normalHeader(name, headers[i + 1] as string, start);
    if (line !== undefined) kept.push(line);
  }
  return { start, headers: byName(kept), body: shown(body), framing: empty ? 'none' : framing, trailers };
}

/** A request without a byte of body may say so by a length, by a last chunk or by nothing. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

function normalHeader(name: string, value: string, start: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === 'date' || lower === 'keep-alive') return undefined;
  if (lower === 'traceparent' && MADE_TRACE.test(value)) return undefined;
  if (lower === 'connection' && value.toLowerCase() === 'keep-alive' && start.includes('HTTP/1.1')) return undefined;
  return `${OWN.has(lower) ? lower : name}: ${normalValue(lower, value)}`;
}

function normalValue(lower: string, value: string): string {
  if (lower === 'x-request-id' && UUID.test(value)) return '(random)';
  if (lower === 'retry-after') return '(random)';
  if (lower === 'x-time-left') return '(ms)';
  // What a signed cookie says depends on when it was made.
  if (lower === 'set-cookie' || lower === 'cookie') return value.replace(/=v1\.[\w.-]+/, '=(signed)');
  if (lower === 'proxy-status') return value.replace(/; details="[^"]*"/, '');
  if (lower === 'host' && ORIGIN.test(value)) return '(origin)';
  return OWN.has(lower) ? value.toLowerCase() : value;
}

/** A trace that the edge has begun: of an id of its own, its parent made of the same. */
const MADE_TRACE = /^00-([0-9a-f]{8})[0-9a-f]{16}([0-9a-f]{8})-\1\2-01$/;

/** An origin of a test, each of which has a port of its own. */
const ORIGIN = /^127\.0\.0\.1:\d{4,5}$/;

/** In order of their names; those of one name in their own order. */
function byName(lines: readonly string[]): string[] {
  const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase();
  return lines.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function shown(body: string): string {
  if (body.length <= BODY_SHOWN) return body;
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) sum = (Math.imul(sum, 31) + body.charCodeAt(i)) | 0;
  return `(${body.length} bytes, sum ${sum})`;
}
