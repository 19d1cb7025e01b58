import { Readable } from 'node:stream';
import { INTERNAL_ERROR, PROTOCOL_ERROR } from '../frames/error-code.ts';
import type { Field } from '../frames/hpack/field.ts';
import type { OutField } from '../frames/hpack/out-field.ts';
import { faultAnswer } from '../message/answer.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { clientResponseHeaders, keptTrailers } from '../message/headers.ts';
import { withoutLength } from '../message/interim.ts';
import { linesOf } from '../message/lines.ts';
import { contentLengthOf, joinedHeader } from '../message/request-head.ts';
import type { Exchange } from '../request/exchange.ts';
import { faultContext } from '../request/fault-context.ts';
import type { AnswerHandler, Flow, Forwarding } from '../request/forwarding.ts';
import { isGrpcRequest } from '../request/request-deadline.ts';
import { ruledHead } from '../request/ruled-head.ts';
import type { Switched } from '../request/switched.ts';
import { Tunnel } from '../tunnel/tunnel.ts';
import { acceptOf } from '../tunnel/web-socket-key.ts';
import { answerFields, pushHeaders, pushOwn } from './answer-fields.ts';
import { clientSide } from './client-side.ts';
import type { H2Deps } from './h2-deps.ts';
import { LateBody } from './late-body.ts';
import { cutOff, sendOwn } from './own-answer.ts';
import { StreamBody } from './stream-body.ts';
import type { H2Session, H2Stream, OnStream, StreamHandler } from './stream-handler.ts';

/**
 * A request on a stream that takes more than forwarding: a ladder, an experiment that cuts answers, an expectation. The general engine has
 * it forwarded, as any of its own; here is what it is told in HTTP/2.
 */
export class GeneralCall implements StreamHandler, AnswerHandler {
  /** A body of a known length is lent without anything between its bytes; its copy is made where it is written. */
  takesLent = false;
  readonly #deps: H2Deps;
  readonly #session: H2Session;
  readonly #stream: H2Stream;
  readonly #forwarding: Forwarding;
  readonly #launch: (handler: AnswerHandler) => void;
  readonly #source: (Readable & { rawTrailers?: readonly string[] }) | undefined;
  readonly #body = new StreamBody();
  #flow: Flow | undefined;
  #begun = false;
  #over = false;
  /** The head of an answer that has no body: it goes out with the answer's end, as its end. */
  #last: OutField[] | undefined;
  /** Bytes of the body that have been handed on and not taken. */
  #owed = 0;
  /** What has come of another protocol before its endpoint has agreed to it. */
  readonly #early: Buffer[] = [];

  constructor(deps: H2Deps, on: OnStream, exchange: Exchange) {
    this.#deps = deps;
    this.#session = on.session;
    this.#stream = on.stream;
    on.stream.handler = this;
    // Read on as the general engine asks for more of it.
    this.#source = exchange.head.hasBody ? new Readable({ read: () => this.#readAll(), highWaterMark: 1 }) : undefined;
    this.#source?.once('close', () => this.#givenUp());
    const order = {
      exchange,
      body: this.#source,
      interim: (answer: AnswerHead) => this.#interim(answer),
      onSwitch: exchange.head.upgrade === undefined ? undefined : (switched: Switched) => this.#switched(switched),
    };
    const { forwarding, launch } = deps.forward(order);
    this.#forwarding = forwarding;
    this.#launch = launch;
  }

  /** Sends it on its way. `length`: bytes of the body, as far as they are known. */
  begin(length: number): void {
    this.#body.begin(length, 0);
    this.#launch(this);
  }

  data(bytes: Buffer, last: boolean): void {
    if (!this.#body.fits(bytes.length, last)) return this.#malformed();
    if (this.#forwarding.exchange.head.upgrade !== undefined) return void this.#early.push(Buffer.from(bytes));
    if (this.#source === undefined || this.#over) return this.#session.read(this.#stream, bytes.length);
    this.#owed += bytes.length;
    if (bytes.length > 0) this.#source.push(Buffer.from(bytes));
    if (last) this.#source.push(null);
  }

  trailers(fields: readonly Field[]): void {
    if (!this.#body.fits(0, true)) return this.#malformed();
    if (this.#source === undefined) return;
    this.#source.rawTrailers = fields.flatMap(({ name, value }) => [name.text, value]);
    this.#source.push(null);
  }

  drained(): void {
    this.#flow?.resume();
  }

  sent(): void {
    const stream = this.#stream;
    if (!stream.remoteEnded) LateBody.await(this.#deps, { session: this.#session, stream }, this.#body.left);
    this.#source?.destroy();
  }

  gone(): void {
    this.#over = true;
    this.#forwarding.abandon();
    this.#source?.destroy();
  }

  answerBegun(source: Flow): void {
    const { exchange, head, added, answeredBy } = this.#forwarding;
    if (this.#over || head === undefined) return;
    this.#begun = true;
    this.#flow = source;
    this.takesLent = contentLengthOf(head.headers) !== undefined;
    // Trailers can be announced where a body has no length, as in chunks of HTTP/1.1.
    const kept = clientResponseHeaders(ruledHead(head, exchange, answeredBy).headers, !this.takesLent);
    const fields = answerFields(head.status, linesOf(kept));
    pushOwn(
      fields,
      exchange,
      answeredBy,
      fields.some(({ name }) => name === 'date'),
    );
    if (added.length > 0) pushHeaders(fields, added);
    if (isBodiless(exchange.head.method, head.status, fields)) this.#last = fields;
    else this.#session.headers(this.#stream, fields, false);
  }

  answerData(source: Flow, chunk: Buffer): boolean {
    if (this.#over || this.#stream.closed) return true;
    this.#forwarding.exchange.bytesOut += chunk.length;
    const all = this.#session.data(this.#stream, chunk, 0, chunk.length);
    if (all === undefined) this.gone();
    else if (!all) source.pause();
    return true;
  }

  answerEnded(): void {
    if (this.#over || this.#stream.closed) return;
    this.#over = true;
    if (this.#last !== undefined) return this.#session.headers(this.#stream, this.#last, true);
    const trailers = keptTrailers(this.#forwarding.trailers).flat();
    if (trailers.length === 0) return this.#session.end(this.#stream);
    const fields: OutField[] = [];
    pushHeaders(fields, trailers);
    this.#session.end(this.#stream, fields);
  }

  answerFailed(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#stream.closed) return;
    const { fault, faultStatus, exchange } = this.#forwarding;
    if (this.#begun) {
      if (fault?.kind === 'deadline') return cutOff(this.#session, this.#stream, isGrpcRequest(exchange.head));
      return this.#session.reset(this.#stream, INTERNAL_ERROR);
    }
    const known = fault ?? { kind: 'reset', sent: 'some', cause: 'unknown' };
    const context = {
      pseudonym: this.#deps.pseudonym(),
      ...faultContext(exchange),
      draw: this.#deps.random(),
      status: faultStatus,
    };
    sendOwn(this.#session, this.#stream, faultAnswer(known, context), exchange.head.method === 'HEAD');
  }

  #interim({ status, headers }: AnswerHead): void {
    if (this.#begun || this.#over || this.#stream.closed) return;
    const lines = linesOf(withoutLength(clientResponseHeaders(headers, false)));
    this.#session.headers(this.#stream, answerFields(status, lines), false);
  }

  /** The endpoint speaks the other protocol now: the stream does, too (RFC 8441 §5). */
  #switched(switched: Switched): void {
    this.#over = true;
    const { exchange } = switched;
    const { headers } = ruledHead(switched.head, exchange, exchange.attempts.at(-1));
    const key = joinedHeader(switched.exchange.head.headers, 'sec-websocket-key') ?? '';
    if (this.#stream.closed || joinedHeader(headers, 'sec-websocket-accept') !== acceptOf(key)) {
      switched.endpoint.destroy();
      switched.release();
      return this.#session.reset(this.#stream, INTERNAL_ERROR);
    }
    const fields = answerFields(200, linesOf(clientResponseHeaders(headers, false)));
    pushOwn(fields, switched.exchange, undefined, true);
    const kept = fields.filter(({ name }) => name !== 'sec-websocket-accept');
    this.#session.headers(this.#stream, kept, false);
    const early = this.#early.reduce((sum, { length }) => sum + length, 0);
    const plan = {
      client: clientSide(this.#deps, { session: this.#session, stream: this.#stream }, early),
      endpoint: switched.endpoint,
      webSocket: true,
      idleMs: exchange.view.service.timeouts.streamMs,
      closed: switched.release,
    };
    new Tunnel(this.#deps, plan).begin(this.#early);
  }

  #malformed(): void {
    this.#deps.refused();
    this.#session.reset(this.#stream, PROTOCOL_ERROR, 'peer');
    this.gone();
  }

  /** Nobody waits any longer for a body that does not come to its end. */
  #givenUp(): void {
    if (this.#over || this.#source?.readableEnded === true) return;
    this.#over = true;
    this.#session.reset(this.#stream, INTERNAL_ERROR);
  }

  #readAll(): void {
    if (this.#owed === 0) return;
    this.#session.read(this.#stream, this.#owed);
    this.#owed = 0;
  }
}

/** Whether nothing can follow a head, trailers neither: to clients of gRPC, an end that comes apart from it is an answer without a status. */
function isBodiless(method: string, status: number, fields: readonly OutField[]): boolean {
  if (method === 'HEAD' || status === 204 || status === 304) return true;
  return fields.some(({ name, value }) => name === 'content-length' && value === '0');
}
