import type { Fault } from '../../resilience/fault.ts';
import { atEndOfTurn } from '../../table/timers.ts';
import { ENHANCE_YOUR_CALM, INTERNAL_ERROR, PROTOCOL_ERROR } from '../frames/error-code.ts';
import type { Field } from '../frames/hpack/field.ts';
import { type FaultContext, faultAnswer, type OwnAnswer } from '../message/answer.ts';
import { Relay } from '../relay/relay.ts';
import type { RelayClient } from '../relay/relay-client.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import { isGrpcRequest } from '../request/request-deadline.ts';
import { answerLines } from '../request/ruled-head.ts';
import type { ServiceState } from '../request/service-state.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { answerFields, pushOwn, trailerFields } from './answer-fields.ts';
import type { H2Deps } from './h2-deps.ts';
import { LateBody } from './late-body.ts';
import { cutOff, sendOwn } from './own-answer.ts';
import { StreamBody } from './stream-body.ts';
import type { H2Session, H2Stream, StreamHandler } from './stream-handler.ts';
import { StreamHead } from './stream-head.ts';

/** One request on a stream, on its way at the cost of reading and writing it. Made anew only when no other one is at rest. */
export class StreamCall implements RelayClient, StreamHandler {
  readonly head = new StreamHead();
  readonly body = new StreamBody();
  readonly #deps: H2Deps;
  readonly #relay: Relay;
  readonly #rested: (call: StreamCall) => void;
  #session!: H2Session;
  #stream!: H2Stream;
  /** Bytes of the body that were not wanted yet: the client is not told that it may send more. */
  #owed = 0;
  #launched = false;
  #atRest = true;

  /** `rested` is called when it can be used for another stream. */
  constructor(deps: H2Deps, rested: (call: StreamCall) => void) {
    this.#deps = deps;
    this.#rested = rested;
    this.#relay = new Relay(deps, this);
  }

  /** A request has come, whose head has been read. It is to be launched if it is `busy` then. */
  begin(session: H2Session, stream: H2Stream, state: ServiceState | undefined): void {
    this.#session = session;
    this.#stream = stream;
    this.#owed = 0;
    this.#launched = false;
    this.#atRest = false;
    stream.handler = this;
    this.#relay.begin(state);
  }

  get busy(): boolean {
    return this.#relay.busy;
  }

  /** Sends it on its way; what of the body has come by now has been fed before. */
  launch(): void {
    if (!this.busy || this.#launched) return;
    this.#launched = true;
    this.#relay.launch();
  }

  data(bytes: Buffer, last: boolean): void {
    if (!this.#fits(bytes.length, last)) return;
    if (!this.busy) return this.#session.read(this.#stream, bytes.length);
    this.#deps.passed(bytes.length);
    this.#feed(bytes, last, NONE);
  }

  trailers(fields: readonly Field[]): void {
    if (this.#fits(0, true) && this.busy) this.#feed(NOTHING, true, fields);
  }

  drained(): void {
    this.#relay.clientDrained();
  }

  sent(): void {
    const stream = this.#stream;
    if (!stream.remoteEnded) LateBody.await(this.#deps, { session: this.#session, stream }, this.body.left);
    if (!this.busy) this.#rest();
  }

  gone(): void {
    this.#relay.clientGone();
    this.#rest();
  }

  requestText(exchange: Exchange, basePath: string): string {
    return this.head.text(exchange, basePath);
  }

  sendInterim({ head }: Upstream): void {
    this.#session.headers(this.#stream, answerFields(head.status, head.lines), false);
  }

  sendAnswer(upstream: Upstream, exchange: Exchange, attempt: Attempt): void {
    const { head, framing, done } = upstream;
    const fields = answerFields(head.status, answerLines(head.lines, exchange, attempt) ?? head.lines);
    pushOwn(fields, exchange, attempt, head.dated);
    const bodiless = framing === 'none' && done;
    this.#session.headers(this.#stream, fields, bodiless);
    if (!bodiless) this.sendBody(upstream);
  }

  sendBody(upstream: Upstream): void {
    const { piece, framing, chunks, done } = upstream;
    if (framing !== 'chunked') this.#send(upstream, piece.from, piece.to);
    else {
      const { data, dataOffsets } = chunks;
      for (let i = 0; i < dataOffsets; i += 2) this.#send(upstream, data[i] as number, data[i + 1] as number);
    }
    if (!done || this.#stream.closed) return;
    const { trailers } = upstream;
    if (trailers === '') return this.#session.end(this.#stream);
    this.#session.end(this.#stream, trailerFields(trailers));
  }

  sendFault(fault: Fault, context: FaultContext, requestEnded: boolean): void {
    const { pseudonym, random } = this.#deps;
    this.sendOwn(faultAnswer(fault, { ...context, pseudonym: pseudonym(), draw: random() }), requestEnded);
  }

  sendOwn(answer: OwnAnswer, _requestEnded: boolean): void {
    this.#readAll();
    sendOwn(this.#session, this.#stream, answer, this.head.method === 'HEAD');
  }

  finished(_requestEnded: boolean): void {
    this.#readAll();
    if (this.#stream.localEnded || this.#stream.closed) this.#rest();
  }

  wantBody(): void {
    this.#readAll();
  }

  faulted(error: unknown): void {
    this.#deps.faulted(error);
    this.destroy();
  }

  destroy(fault?: Fault): void {
    if (fault?.kind === 'deadline') {
      cutOff(this.#session, this.#stream, isGrpcRequest(this.head));
      return this.finished(true);
    }
    this.#session.reset(this.#stream, INTERNAL_ERROR);
    this.gone();
  }

  /** Whether what has come is what was announced; the stream is no more otherwise (§8.1.1). */
  #fits(bytes: number, last: boolean): boolean {
    if (this.body.fits(bytes, last)) return true;
    this.#deps.refused();
    this.#session.reset(this.#stream, PROTOCOL_ERROR, 'peer');
    this.gone();
    return false;
  }

  #feed(bytes: Buffer, last: boolean, trailers: readonly Field[]): void {
    const { length } = bytes;
    if (this.#relay.feed(this.body.piece(bytes, last, trailers))) return this.#session.read(this.#stream, length);
    if (this.#deps.held.take(length)) this.#owed += length;
    else {
      this.#session.reset(this.#stream, ENHANCE_YOUR_CALM);
      this.gone();
    }
  }

  /** What was owed is wanted now, or nobody will want it. */
  #readAll(): void {
    if (this.#owed === 0) return;
    this.#deps.held.give(this.#owed);
    this.#session.read(this.#stream, this.#owed);
    this.#owed = 0;
  }

  #send(upstream: Upstream, from: number, to: number): void {
    if (from === to || this.#stream.closed) return;
    const all = this.#session.data(this.#stream, upstream.piece.bytes, from, to);
    // The relay is in the middle of it.
    if (all === undefined) atEndOfTurn(lose, this.#stream);
    else if (!all && !upstream.done) upstream.pause();
  }

  /** It will not be used again. */
  end(): void {
    this.#relay.end();
  }

  /** Nothing more is to be done for the stream. */
  #rest(): void {
    if (this.#atRest) return;
    this.#atRest = true;
    this.#readAll();
    // What still comes of the request may be somebody else's already.
    if (this.#stream.handler === this) this.#stream.handler = undefined;
    this.#rested(this);
  }
}

/** There was no room for what waits for its window. */
function lose(stream: H2Stream): void {
  stream.handler?.gone();
}

const NONE: readonly Field[] = [];
const NOTHING = Buffer.alloc(0);
