import { STATUS_CODES } from 'node:http';
import { type OwnAnswer, TEXT } from '../../message/answer.ts';
import { CLIENT_CERT, goesToEndpoint } from '../../message/field-kind.ts';
import { dateLine, linesOf } from '../../message/lines.ts';
import { expectsBody } from '../../message/request-head.ts';
import type { ResponseHead } from '../../message/response-head.ts';
import type { Exchange } from '../../request/exchange.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { CHUNKED, type WireHead } from './request-head.ts';

/**
 * The head of the request to the endpoint, as one string: the same fields as `upstreamRequestHeaders` gives, the client's own
 * lines as they came, in as few pieces as can be.
 */
export function requestHeadText(head: WireHead, exchange: Exchange, basePath: string): string {
  const { requestId, traceparent } = exchange;
  return `${introOf(head, exchange, basePath)}traceparent: ${traceparent}\r\nX-Request-Id: ${requestId}\r\n\r\n`;
}

/** All of it that is the same as before when the head is; kept for the base path that it was first made for, which most share. */
function introOf(head: WireHead, exchange: Exchange, basePath: string): string {
  const { trustedPeer, pseudonym } = exchange;
  if (!head.again) return introText(head, exchange, basePath);
  head.intro ??= { text: flat(introText(head, exchange, basePath)), basePath, pseudonym, trustedPeer };
  const { intro } = head;
  const fits = intro.basePath === basePath && intro.pseudonym === pseudonym && intro.trustedPeer === trustedPeer;
  return fits ? intro.text : introText(head, exchange, basePath);
}

function introText(head: WireHead, { trustedPeer, pseudonym }: Exchange, basePath: string): string {
  let text = `${head.method} ${basePath}${head.target} HTTP/1.1\r\nHost: ${head.host}\r\n${keptLines(head, trustedPeer)}`;
  if (head.length === CHUNKED) text += 'Transfer-Encoding: chunked\r\n';
  else if (head.length === 0 && expectsBody(head.method) && head.first('content-length') === undefined) {
    text += 'Content-Length: 0\r\n';
  }
  if (head.trailers) text += TAKES_TRAILERS;
  text += trustedPeer ? forwardedByTrusted(head) : forwardedFor(head.peerAddress, head.protocol, head.host);
  if (head.peer.certificate !== undefined) text += linesOf(head.peer.certificateFields);
  const via = head.joined('via');
  const hops = via === undefined ? '' : `${via}, `;
  return `${text}Via: ${hops}1.1 ${pseudonym}\r\n`;
}

/** `TE` is about one hop, so it has to be named by `Connection` (RFC 9110 §10.1.4). */
const TAKES_TRAILERS = 'Connection: TE\r\nTE: trailers\r\n';

/** What the client gets to read before the body. `more` are lines of this edge's own, `ruled` those that rules make of the endpoint's. */
export function responseHeadText(upstream: Upstream, more: string, ruled?: string): string {
  const { head, framing } = upstream;
  const chunked = framing === 'chunked' || framing === 'close';
  if (chunked || ruled !== undefined) {
    const date = head.dated ? '' : dateLine();
    return `${statusLine(head)}${ruled ?? head.lines}${chunked ? 'Transfer-Encoding: chunked\r\n' : ''}${date}${more}\r\n`;
  }
  if (head.again && head.intro === '') head.intro = flat(statusLine(head) + head.lines);
  const intro = head.intro === '' ? statusLine(head) + head.lines : head.intro;
  return head.dated ? `${intro}${more}\r\n` : `${intro}${dateLine()}${more}\r\n`;
}

/** The same text in one piece, for what is written again and again: pieces are gathered anew by each write. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** An interim answer (1xx) as it came, with all that is not about the endpoint's own connection. */
export function interimHeadText({ head }: Upstream): string {
  return `${statusLine(head)}${head.lines}\r\n`;
}

/** An answer of this edge's own, whole. */
export function ownAnswerText(answer: OwnAnswer, connection: string, withBody: boolean): string {
  let text = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}\r\nContent-Type: ${answer.type ?? TEXT}\r\n`;
  text += `Content-Length: ${answer.body.length}\r\n${linesOf(answer.headers)}${dateLine()}${connection}\r\n`;
  return withBody ? text + answer.body : text;
}

function statusLine({ status, reason }: ResponseHead): string {
  return status === 200 && reason === 'OK' ? 'HTTP/1.1 200 OK\r\n' : `HTTP/1.1 ${status} ${reason}\r\n`;
}

/** The client's lines that go on: all but those about this connection and those that are written anew. */
function keptLines(head: WireHead, trustedPeer: boolean): string {
  const { count, at, kinds } = head.table();
  const { certificate } = head.peer;
  let lines = '';
  let run = -1;
  for (let i = 0; i < count; i += 1) {
    const kind = kinds[i] as number;
    const goes = goesToEndpoint(kind, trustedPeer) && (kind !== CLIENT_CERT || certificate === undefined);
    const start = at[i * 4] as number;
    if (goes && run === -1) run = start;
    else if (!goes && run !== -1) {
      lines += head.text.slice(run, start);
      run = -1;
    }
  }
  return run === -1 ? lines : lines + head.text.slice(run, head.text.length - 2);
}

function forwardedFor(address: string, proto: string, host: string): string {
  return `X-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${proto}\r\nX-Forwarded-Host: ${host}\r\n`;
}

function forwardedByTrusted(head: WireHead): string {
  const before = head.joined('x-forwarded-for');
  return forwardedFor(
    before === undefined ? head.peerAddress : `${before}, ${head.peerAddress}`,
    head.joined('x-forwarded-proto') ?? head.protocol,
    head.joined('x-forwarded-host') ?? head.host,
  );
}
