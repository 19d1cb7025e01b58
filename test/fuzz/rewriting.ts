import { type Message, valuesOf } from '../support/wire/message-reader.ts';
import type { Read } from './reference.ts';

/**
 * What this edge does to heads, said once more and in another way than the edge says it: of what was read on one side, what has
 * to arrive on the other. Each returns what is wrong, or undefined.
 */
const HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const OF_REQUESTS = new Set([
  ...HOP,
  'host',
  'expect',
  'via',
  'http2-settings',
  'traceparent',
  'x-request-id',
  'content-length',
  'forwarded',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-prefix',
]);
const OF_TRAILERS = new Set([...OF_REQUESTS, 'date']);
// It is nothing to a hop behind a body.
OF_TRAILERS.delete('traceparent');
const OF_ANSWERS = new Set([...HOP, 'x-request-id', 'date']);

export function wrongRequest(sent: Read, arrived: Message, address: string): string | undefined {
  const [host, target] = meantPlace(sent);
  const one = (name: string): string => valuesOf(arrived.headers, name).join(' | ');
  return (
    different('start line', `${sent.method} ${target} HTTP/1.1`, arrived.start) ??
    different('body', sent.body, arrived.body) ??
    different('headers', kept(sent.headers, OF_REQUESTS), kept(arrived.headers, OF_REQUESTS)) ??
    different('Host', host, host === '' && ORIGIN.test(one('host')) ? '' : one('host')) ??
    different('X-Forwarded-Host', host, one('x-forwarded-host')) ??
    different('X-Forwarded-For', address, one('x-forwarded-for')) ??
    different('X-Forwarded-Proto', 'http', one('x-forwarded-proto')) ??
    different('Via', [...valuesOf(sent.headers, 'via'), `${sent.version} meridian-test`].join(', '), one('via')) ??
    different('forwarding', '', one('forwarded') + one('x-real-ip')) ??
    different('number of ids', 1, valuesOf(arrived.headers, 'x-request-id').length) ??
    different('number of traces', 1, valuesOf(arrived.headers, 'traceparent').length)
  );
}

/** Without a Host it goes on with the endpoint's own. */
const ORIGIN = /^127\.0\.0\.1:\d+$/;

/** RFC 9112 §3.2.2: an absolute target says the host as well, and nothing else does. */
function meantPlace({ target, headers }: Read): [host: string, target: string] {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target) ?? [];
  if (authority === undefined) return [valuesOf(headers, 'host')[0] ?? '', target];
  return [authority, rest.startsWith('/') ? rest : `/${rest}`];
}

export function wrongAnswer(sent: Read, arrived: Message): string | undefined {
  return (
    different('status', String(sent.status), arrived.start.slice(9, 12)) ??
    different('body', sent.body, arrived.body) ??
    different('headers', kept(sent.headers, ofAnswer(sent)), kept(arrived.headers, OF_ANSWERS)) ??
    (arrived.framing === 'chunked'
      ? different('trailers', kept(sent.trailers, OF_TRAILERS), kept(arrived.trailers, OF_TRAILERS))
      : undefined)
  );
}

/** A 204 has no length. */
function ofAnswer({ status }: Read): ReadonlySet<string> {
  return status === 204 ? OF_ANSWERS.union(new Set(['content-length'])) : OF_ANSWERS;
}

function different(what: string, sent: string | number, arrived: string | number): string | undefined {
  return sent === arrived ? undefined : `${what}: ${JSON.stringify(sent)} became ${JSON.stringify(arrived)}`;
}

/** The headers that go on, those of one name in their order, as one text. */
function kept(headers: readonly string[], dropped: ReadonlySet<string>): string {
  const named = new Set(
    valuesOf(headers, 'connection').flatMap((value) =>
      value
        .toLowerCase()
        .split(',')
        .map((name) => name.trim()),
    ),
  );
  const lines: [name: string, line: string][] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    const isNamed = named.has(name) && !['keep-alive', 'close', 'content-length'].includes(name);
    // Of a request, what imitates a dropped name is dropped with it; a length goes on without zeros before it.
    const imitates = dropped === OF_REQUESTS && (name === 'proxy' || dropped.has(name.replaceAll(/[^a-z0-9]/g, '-')));
    const value = name === 'content-length' ? Number(headers[i + 1]) : headers[i + 1];
    if (!dropped.has(name) && !imitates && !isNamed) lines.push([name, `${headers[i]}: ${value}`]);
  }
  return lines
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, line]) => line)
    .join('\n');
}
