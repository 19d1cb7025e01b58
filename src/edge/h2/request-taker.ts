import { isFault } from '../../resilience/fault.ts';
import { PROTOCOL_ERROR } from '../frames/error-code.ts';
import { FIELD_OVERHEAD_BYTES, type Field } from '../frames/hpack/field.ts';
import type { FieldList } from '../frames/hpack/field-list.ts';
import { faultAnswer, type OwnAnswer, refusalAnswer } from '../message/answer.ts';
import { isForThisEdge, lastHopAnswer } from '../message/last-hop.ts';
import { isKnownExpectation, REQUEST_HEAD_BYTES_MAX, UNKNOWN_EXPECTATION } from '../message/request-head.ts';
import { refusalContext } from '../request/fault-context.ts';
import { newKey } from '../tunnel/web-socket-key.ts';
import { GeneralCall } from './general-call.ts';
import type { H2Deps } from './h2-deps.ts';
import { LateBody } from './late-body.ts';
import { SPARE_CALLS_MAX } from './limits.ts';
import { sendOwn } from './own-answer.ts';
import { isValidHost, RequestLine } from './request-problem.ts';
import { StreamCall } from './stream-call.ts';
import type { H2Session, H2Stream, OnStream } from './stream-handler.ts';
import { type OtherEnd, StreamHead } from './stream-head.ts';

/** The protocol that may be asked for by a CONNECT (RFC 8441 §4). */
const WEB_SOCKET = 'websocket';

/** Takes the requests of all HTTP/2 connections of a thread: judges each head, and gives it to whoever is to have it. */
export class RequestTaker {
  readonly #deps: H2Deps;
  readonly #spare: StreamCall[] = [];
  /** Of a request whose fields are not known to come again. */
  readonly #line = new RequestLine();

  constructor(deps: H2Deps) {
    this.#deps = deps;
  }

  /** A request has begun on a stream. Returns what is to be launched once everything that has come with it has been read. */
  take(session: H2Session, stream: H2Stream, list: FieldList, end: OtherEnd): StreamCall | undefined {
    const line = this.#lineOf(list);
    const malformed = line.problem !== undefined || (stream.remoteEnded && line.length > 0);
    // Of one that is too large there is only a part.
    if (malformed && !list.isTooLarge) this.#refuse(session, stream);
    else {
      const refusal = list.isTooLarge ? TOO_LARGE : refusalOf(line, list);
      if (refusal !== undefined) this.#answer({ session, stream }, line, refusal);
      else return this.#begin({ session, stream }, line, list.fields, end);
    }
    return undefined;
  }

  #lineOf({ known, fields }: FieldList): RequestLine {
    if (known === undefined) {
      this.#line.read(fields);
      return this.#line;
    }
    const before = known.meaning;
    if (before instanceof RequestLine) return before;
    const line = new RequestLine();
    line.read(fields);
    line.kept = true;
    known.meaning = line;
    return line;
  }

  #begin(on: OnStream, line: RequestLine, fields: readonly Field[], end: OtherEnd): StreamCall | undefined {
    const call = this.#spare.pop() ?? new StreamCall(this.#deps, this.#rested);
    call.head.begin(line, fields, end, on.stream.remoteEnded);
    const state = this.#deps.pipeline.serviceOf(call.head);
    const general = state !== undefined && this.#deps.isGeneral(state);
    if (general || (!line.plain && isRare(line, fields))) {
      this.#rested(call);
      this.#general(on, line, fields, end);
      return undefined;
    }
    line.plain = true;
    call.begin(on.session, on.stream, state);
    return call;
  }

  readonly #rested = (call: StreamCall): void => {
    if (this.#spare.length < SPARE_CALLS_MAX) this.#spare.push(call);
    else call.end();
  };

  #general({ session, stream }: OnStream, line: RequestLine, fields: readonly Field[], end: OtherEnd): void {
    const { pipeline, edgeAnswer, pseudonym, random } = this.#deps;
    const head = new StreamHead();
    head.begin(line, fields, end, stream.remoteEnded);
    const { length } = head;
    const expectation = head.first('expect');
    if (expectation !== undefined && !isKnownExpectation(expectation))
      return this.#answer({ session, stream }, line, NOT_TO_BE_EXPECTED);
    if (line.method === 'CONNECT') head.becomeUpgrade(WEB_SOCKET, ['sec-websocket-key', newKey()]);
    const own = isForThisEdge(head) ? lastHopAnswer(head) : edgeAnswer(head);
    if (own !== undefined) return this.#own({ session, stream }, line, own);
    const exchange = pipeline.identify(head);
    if ('answer' in exchange) return this.#own({ session, stream }, line, exchange.answer);
    if (!isFault(exchange)) {
      new GeneralCall(this.#deps, { session, stream }, exchange).begin(length);
      return;
    }
    const context = { ...refusalContext(head, exchange), pseudonym: pseudonym(), draw: random() };
    this.#own({ session, stream }, line, faultAnswer(exchange, context));
  }

  /** A malformed request is nobody's, and is not answered (RFC 9113 §8.1.1). */
  #refuse(session: H2Session, stream: H2Stream): void {
    this.#deps.refused();
    session.reset(stream, PROTOCOL_ERROR, 'peer');
  }

  #answer(on: OnStream, line: RequestLine, answer: OwnAnswer): void {
    this.#deps.refused();
    this.#own(on, line, answer);
  }

  /** Nobody is asked: what still comes of the request is judged all the same. */
  #own(on: OnStream, line: RequestLine, answer: OwnAnswer): void {
    if (!on.stream.remoteEnded) LateBody.await(this.#deps, on, line.length);
    sendOwn(on.session, on.stream, answer, line.method === 'HEAD');
  }
}

/** What is answered without anybody being asked. */
function refusalOf({ plain, method, protocol, authority, host }: RequestLine, list: FieldList): OwnAnswer | undefined {
  if (plain) return undefined;
  if (lettersOf(list) > REQUEST_HEAD_BYTES_MAX) return TOO_LARGE;
  if (!isValidHost(authority === '' ? host : authority)) return BAD_HOST;
  if (method !== 'CONNECT' || protocol === WEB_SOCKET) return undefined;
  return protocol === '' ? NO_TUNNELS : NO_PROTOCOL;
}

/** What takes more than forwarding, whatever the service: other protocols, expectations, and what may end at this hop. */
function isRare({ method, path }: RequestLine, fields: readonly Field[]): boolean {
  if (method === 'CONNECT') return true;
  if (method === 'TRACE' || method === 'OPTIONS') return path === '*' || hasField(fields, 'max-forwards');
  return hasField(fields, 'expect');
}

function hasField(fields: readonly Field[], name: string): boolean {
  return fields.some((field) => field.name.text === name);
}

function lettersOf({ bytes, fields }: FieldList): number {
  return bytes - fields.length * FIELD_OVERHEAD_BYTES;
}

const TOO_LARGE = refusalAnswer(431, 'the request head is too large');
const NOT_TO_BE_EXPECTED = refusalAnswer(417, UNKNOWN_EXPECTATION);
const BAD_HOST = refusalAnswer(400, 'the Host is not valid');
const NO_PROTOCOL = refusalAnswer(501, 'of other protocols only websocket is known here');
const NO_TUNNELS = refusalAnswer(405, 'this is a gateway, it opens no tunnels');
