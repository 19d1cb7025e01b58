import { type Field, NO_PSEUDO } from '../frames/hpack/field.ts';
import { CLIENT_CERT, CONTENT_LENGTH, goesToEndpoint } from '../message/field-kind.ts';
import { linesOf } from '../message/lines.ts';
import { ownText } from '../message/own-text.ts';
import { expectsBody, type HeaderFields, type Peer, type RequestHead } from '../message/request-head.ts';
import type { Exchange } from '../request/exchange.ts';
import type { RequestLine } from './request-problem.ts';

/** Who is at the other end of a connection, the same for all of its requests. */
export type OtherEnd = { readonly protocol: 'http' | 'https'; readonly address: string; readonly peer: Peer };

/** The body of a request comes, and nobody knows how much of it. */
export const UNKNOWN_LENGTH = -1;

/** A request's head as it came on a stream, to be asked as any other is, and written as HTTP/1.1. */
export class StreamHead implements RequestHead, HeaderFields {
  method = '';
  target = '';
  host = '';
  readonly version = '2.0';
  protocol: 'http' | 'https' = 'http';
  peerAddress = '';
  peer!: Peer;
  /** Bytes of the body; `UNKNOWN_LENGTH` where the client does not say. */
  length = 0;
  /** The protocol of an extended CONNECT, which is an upgrade in HTTP/1.1; and further fields that such a one has there. */
  upgrade: string | undefined;
  added: readonly string[] = NONE;
  expectsContinue = false;
  #fields: readonly Field[] = NO_FIELDS;
  #takesTrailers = false;
  /** What its fields say, where they come again. */
  #kept: RequestLine | undefined;
  readonly fields = this;

  /** `ended`: the stream ends with the head. */
  begin(line: RequestLine, fields: readonly Field[], end: OtherEnd, ended: boolean): void {
    this.#fields = fields;
    this.method = line.method;
    this.target = line.path;
    this.host = line.authority === '' ? line.host : line.authority;
    this.protocol = end.protocol;
    this.peerAddress = end.address;
    this.peer = end.peer;
    this.length = ended ? 0 : line.length;
    this.#takesTrailers = line.takesTrailers;
    this.#kept = line.kept ? line : undefined;
    this.upgrade = undefined;
    this.added = NONE;
    this.expectsContinue = !ended && this.first('expect') !== undefined;
  }

  /** It is an extended CONNECT: the request of HTTP/1.1 that asks for the same (RFC 8441 §5). */
  becomeUpgrade(protocol: string, added: readonly string[]): void {
    this.method = 'GET';
    this.length = 0;
    this.upgrade = protocol;
    this.added = added;
  }

  get hasBody(): boolean {
    return this.length !== 0;
  }

  /** As HTTP/1.1 has them: crumbs of cookies are one field, and a body of unknown length comes in chunks. */
  get headers(): readonly string[] {
    const list: string[] = [];
    for (const { name, value } of this.#fields) {
      if (name.pseudo === NO_PSEUDO && name.text !== COOKIE) list.push(name.text, value);
    }
    const cookie = this.joined(COOKIE);
    if (cookie !== undefined) list.push(COOKIE, cookie);
    if (this.length === UNKNOWN_LENGTH) list.push('transfer-encoding', 'chunked');
    return this.added.length === 0 ? list : [...list, ...this.added];
  }

  first(name: string): string | undefined {
    if (name === COOKIE) return this.joined(name);
    for (const field of this.#fields) if (field.name.text === name) return field.value;
    return name === 'transfer-encoding' && this.length === UNKNOWN_LENGTH ? 'chunked' : undefined;
  }

  joined(name: string): string | undefined {
    const between = name === COOKIE ? '; ' : ', ';
    let joined: string | undefined;
    for (const field of this.#fields) {
      if (field.name.text === name) joined = joined === undefined ? field.value : joined + between + field.value;
    }
    return joined;
  }

  /** The head of the request to an endpoint: the same fields as `upstreamRequestHeaders` gives. */
  text(exchange: Exchange, basePath: string): string {
    const { requestId, traceparent } = exchange;
    return `${this.#lasting(exchange, basePath)}traceparent: ${traceparent}\r\nX-Request-Id: ${requestId}\r\n\r\n`;
  }

  /** What is the same in the next request with these fields: the one before may have left it. */
  #lasting(exchange: Exchange, basePath: string): string {
    const kept = this.#kept;
    if (kept === undefined) return this.#lines(exchange, basePath);
    const { trustedPeer, pseudonym } = exchange;
    const { length } = this;
    const before = kept.lasting;
    if (
      before?.length === length &&
      before.basePath === basePath &&
      before.trustedPeer === trustedPeer &&
      before.pseudonym === pseudonym
    )
      return before.text;
    const text = ownText(this.#lines(exchange, basePath));
    kept.lasting = { text, length, basePath, trustedPeer, pseudonym };
    return text;
  }

  #lines({ trustedPeer, pseudonym }: Exchange, basePath: string): string {
    const { certificate, certificateFields } = this.peer;
    let text = `${this.method} ${basePath}${this.target} HTTP/1.1\r\nHost: ${this.host}\r\n`;
    let cookies = 0;
    for (const field of this.#fields) {
      const { kind, text: name, pseudo } = field.name;
      if (pseudo !== NO_PSEUDO || kind === CONTENT_LENGTH || !goesToEndpoint(kind, trustedPeer)) continue;
      // Who has shown a certificate is told by this edge alone.
      if (kind === CLIENT_CERT && certificate !== undefined) continue;
      if (name === COOKIE) cookies += 1;
      else text += field.line;
    }
    if (cookies > 0) text += `cookie: ${this.joined(COOKIE)}\r\n`;
    text += this.#framing();
    if (this.#takesTrailers) text += TAKES_TRAILERS;
    if (certificate !== undefined) text += linesOf(certificateFields);
    text += this.#forwarded(trustedPeer);
    const via = this.joined('via');
    const hops = via === undefined ? '' : `${via}, `;
    return `${text}Via: ${hops}2.0 ${pseudonym}\r\n`;
  }

  #framing(): string {
    if (this.length === UNKNOWN_LENGTH) return 'Transfer-Encoding: chunked\r\n';
    if (this.length > 0) return `Content-Length: ${this.length}\r\n`;
    return expectsBody(this.method) || this.first('content-length') !== undefined ? 'Content-Length: 0\r\n' : '';
  }

  #forwarded(trustedPeer: boolean): string {
    const before = trustedPeer ? this.joined('x-forwarded-for') : undefined;
    const proto = trustedPeer ? this.joined('x-forwarded-proto') : undefined;
    const host = trustedPeer ? this.joined('x-forwarded-host') : undefined;
    const address = before === undefined ? this.peerAddress : `${before}, ${this.peerAddress}`;
    return `X-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${proto ?? this.protocol}\r\nX-Forwarded-Host: ${host ?? this.host}\r\n`;
  }
}

const COOKIE = 'cookie';
const NONE: readonly string[] = [];
const NO_FIELDS: readonly Field[] = [];
/** `TE` is about one hop, so it has to be named by `Connection` (RFC 9110 §10.1.4). */
const TAKES_TRAILERS = 'Connection: TE\r\nTE: trailers\r\n';
