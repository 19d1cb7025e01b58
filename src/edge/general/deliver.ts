import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Random } from '../../table/clock.ts';
import { invariant } from '../../table/invariant.ts';
import { atEndOfTurn } from '../../table/timers.ts';
import { faultAnswer, sendOwn } from '../message/answer.ts';
import { type AnswerHead, ReadHead } from '../message/answer-head.ts';
import { clientResponseHeaders, keptTrailers, upgradeOffer } from '../message/headers.ts';
import { contentLengthOf, type RequestHead } from '../message/request-head.ts';
import { isStream } from '../message/stream-kind.ts';
import { faultContext } from '../request/fault-context.ts';
import type { AnswerHandler, Flow, Forwarding } from '../request/forwarding.ts';
import { hasOwnFields, ownFields } from '../request/own-fields.ts';
import { ruledHead } from '../request/ruled-head.ts';
import { COPIED_BYTES_MAX } from './answer-data.ts';
import { type AnswerContext, readyHead } from './answer-text.ts';
import { giveHead } from './ready-head.ts';

export type DeliveryDeps = {
  readonly pseudonym: () => string;
  /** Whether connections should be closed after their answer, because the edge is going down. */
  readonly draining: () => boolean;
  /** How long an idle connection of a client is kept. */
  readonly keepAliveMs: () => number;
  readonly random: Random;
};

/** A body of a known length that is here as a whole goes out as one string with its head, up to this many bytes: that is one write, of one piece. */
const ONE_STRING_BYTES_MAX = 4096;

/** Beyond the time that a stream may rest, its connection is closed in any case. */
const REST_MARGIN_MS = 1000;

/** The key under which a response carries its delivery to the listeners that all responses share. */
const DELIVERY = Symbol('delivery');
type Carrier = ServerResponse & { [DELIVERY]?: Delivery };

/**
 * Writes an answer to the client: the head at once, the body as it comes with backpressure, then trailers. Where there is no answer,
 * this edge sends one of its own. A body that breaks off breaks the client's connection too, so that nobody takes half an answer for a
 * whole one.
 *
 * Most answers are small and whole when their head is announced, and go out in one write together with it; when the body
 * comes later, the head goes out alone, at the end of this turn of the event loop.
 */
export class Delivery implements AnswerHandler {
  readonly #deps: DeliveryDeps;
  readonly #request: IncomingMessage;
  readonly #response: Carrier;
  readonly #forwarding: Forwarding;
  readonly #hasBody: boolean;
  #source: Flow | undefined;
  /** The body's length as the endpoint says it, -1 when it does not. */
  #length = -1;
  /** The whole body, until its end is announced or the turn ends. */
  #whole: Buffer | undefined;
  #phase: 'waiting' | 'announced' | 'writing' | 'over' = 'waiting';
  #blocked = false;
  #drains = false;

  constructor(deps: DeliveryDeps, request: IncomingMessage, response: ServerResponse, forwarding: Forwarding) {
    this.#deps = deps;
    this.#request = request;
    this.#response = response;
    this.#forwarding = forwarding;
    this.#hasBody = forwarding.exchange.head.hasBody;
    (response as Carrier)[DELIVERY] = this;
    response.on('close', onClose);
    response.on('error', onError);
  }

  answerBegun(source: Flow): void {
    const { added, exchange, answeredBy } = this.#forwarding;
    const head = ruledHead(this.#forwarding.head, exchange, answeredBy);
    this.#phase = 'announced';
    this.#source = source;
    if (head === undefined) {
      invariant(false, 'an answer without a head');
      return this.broken();
    }
    this.#length = head instanceof ReadHead ? head.length : (contentLengthOf(head.headers) ?? -1);
    if (this.#length < 0 && isStream(head)) this.#letRest();
    const ready = added.length > 0 ? undefined : readyHead(head, this.#context());
    if (ready === undefined) this.#writeHead(head);
    else giveHead(this.#response, ready);
    if (ANNOUNCED.push(this) === 1) atEndOfTurn(sendHeads);
  }

  /** A body that is large and of a known length is written to a plain connection from where it was read. */
  get takesLent(): boolean {
    const { socket, chunkedEncoding } = this.#response;
    return this.#length > COPIED_BYTES_MAX && !chunkedEncoding && socket !== null && !('encrypted' in socket);
  }

  answerData(_: Flow, chunk: Buffer): boolean {
    const { socket, destroyed } = this.#response;
    if (this.#phase === 'over' || destroyed) return true;
    this.#forwarding.exchange.bytesOut += chunk.length;
    if (this.takesLent && socket !== null) return this.#writeThrough(socket, chunk);
    if (this.#phase === 'announced' && chunk.length === this.#length) this.#whole = chunk;
    else this.#write(chunk);
    return false;
  }

  answerEnded(): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    const response = this.#response;
    if (response.destroyed) return;
    const whole = this.#whole;
    if (whole !== undefined) {
      this.#whole = undefined;
      if (whole.length <= ONE_STRING_BYTES_MAX) response.end(whole.toString('latin1'), 'latin1');
      else response.end(whole);
      return;
    }
    const { trailers } = this.#forwarding;
    if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(keptTrailers(trailers));
    response.end();
  }

  answerFailed(): void {
    if (this.#phase !== 'waiting') return this.broken();
    this.#phase = 'over';
    // A body that came in one piece with its head has not been read yet while its request is being taken.
    if (this.#hasBody && !this.#request.complete) atEndOfTurn(sendFault, this);
    else this.sendFault();
  }

  /** Nothing has come that could be passed on: the client gets an answer that says why. */
  sendFault(): void {
    if (this.#response.destroyed) return;
    const { fault, faultStatus, exchange } = this.#forwarding;
    const context = {
      ...faultContext(exchange),
      pseudonym: this.#deps.pseudonym(),
      draw: this.#deps.random(),
      status: faultStatus,
    };
    const known = fault ?? { kind: 'reset', sent: 'some', cause: 'unknown' };
    sendOwn(this.#response, faultAnswer(known, context), this.#mustClose);
  }

  /** The client gets no more of the answer, or takes no more. */
  broken(): void {
    this.#forwarding.abandon();
    if (this.#phase !== 'waiting') breakOff(this.#response, !this.#response.chunkedEncoding && this.#length < 0);
    this.#phase = 'over';
  }

  /** The turn in which the head was announced has ended. */
  sendHead(): void {
    if (this.#phase !== 'announced' || this.#response.destroyed) return;
    const whole = this.#whole;
    this.#whole = undefined;
    this.#write(whole ?? NOTHING);
  }

  closed(): void {
    if (!this.#response.writableFinished) this.#forwarding.abandon();
  }

  drained(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    this.#source?.resume();
  }

  /** A stream may rest for longer than the server lets a connection: the endpoint's side of it is watched, and ends it. */
  #letRest(): void {
    this.#response.setTimeout(this.#forwarding.exchange.view.service.timeouts.streamMs + REST_MARGIN_MS);
  }

  #context(): AnswerContext {
    const { exchange, answeredBy } = this.#forwarding;
    const close = this.#mustClose || !this.#response.shouldKeepAlive;
    return { exchange, attempt: answeredBy, close, keepAliveMs: this.#deps.keepAliveMs() };
  }

  #writeHead(head: AnswerHead): void {
    const response = this.#response;
    const { exchange, added, answeredBy } = this.#forwarding;
    const headers = clientResponseHeaders(head.headers, this.#length < 0 && mayHaveTrailers(exchange.head, head));
    headers.push('X-Request-Id', exchange.requestId);
    if (exchange.chaos !== '') headers.push('Chaos', exchange.chaos);
    if (added.length > 0) headers.push(...added);
    if (hasOwnFields(exchange) && answeredBy !== undefined) headers.push(...ownFields(exchange, answeredBy));
    const offer = upgradeOffer(head.status, head.headers);
    if (offer.length > 0) headers.push(...offer);
    // Node says it by itself where nothing has been said of the connection.
    if (this.#mustClose || (offer.length > 0 && !response.shouldKeepAlive)) headers.push('Connection', 'close');
    response.writeHead(head.status, head.reason, headers);
  }

  #write(chunk: Buffer): void {
    const response = this.#response;
    this.#phase = 'writing';
    if (response.write(chunk) || this.#blocked) return;
    this.#block();
    if (this.#drains) return;
    this.#drains = true;
    response.on('drain', onDrain);
  }

  /**
   * Writes past the response, which would wait for the end of this turn. While the socket still holds something, small pieces are
   * copied, so that they do not keep a whole read buffer each. Returns whether all of the chunk has left, or has been copied.
   */
  #writeThrough(socket: Socket, chunk: Buffer): boolean {
    const copied = socket.writableLength > 0 && chunk.length <= COPIED_BYTES_MAX;
    socket.cork();
    if (this.#phase === 'announced') this.#write(NOTHING);
    socket.write(copied ? Buffer.from(chunk) : chunk);
    socket.uncork();
    if (socket.writableNeedDrain && !this.#blocked) {
      this.#block();
      socket.once('drain', () => this.drained());
    }
    return copied || socket.writableLength === 0;
  }

  #block(): void {
    this.#blocked = true;
    this.#source?.pause();
  }

  /** A connection whose request was not read to its end cannot carry another one. A request without a body is not `complete` yet while it is being taken. */
  get #mustClose(): boolean {
    return this.#deps.draining() || (this.#hasBody && !this.#request.complete);
  }
}

function onClose(this: Carrier): void {
  this[DELIVERY]?.closed();
}

function onError(this: Carrier): void {
  this[DELIVERY]?.broken();
}

function onDrain(this: Carrier): void {
  this[DELIVERY]?.drained();
}

/** Those whose head was announced in this turn: one call at its end is for all of them. */
const ANNOUNCED: Delivery[] = [];

function sendHeads(): void {
  for (const delivery of ANNOUNCED.splice(0)) delivery.sendHead();
}

function sendFault(delivery: Delivery): void {
  delivery.sendFault();
}

/**
 * Breaks the client's connection, if need be as soon as the answers before this one are out: node:http forgets a destroyed response
 * that had no turn yet, and the client would wait for it. To a client that reads until the connection ends, an end in
 * good order would be the end of the answer, so that one is reset.
 */
function breakOff(response: ServerResponse, toTheEnd: boolean): void {
  const cut = (socket: Socket): void => void (toTheEnd ? socket.resetAndDestroy() : socket.destroy());
  if (response.socket === null) response.once('socket', cut);
  else cut(response.socket);
  response.destroy();
}

/** Only chunks have trailers; node:http throws when they are announced for anything else. */
function mayHaveTrailers({ version, method }: RequestHead, { status }: AnswerHead): boolean {
  return version === '1.1' && method !== 'HEAD' && status !== 204 && status !== 304;
}

/** What sends a head alone: `flushHeaders` would write its bytes above ASCII as UTF-8. */
const NOTHING = Buffer.alloc(0);
