import type { Socket } from 'node:net';
import type { Fault } from '../../../resilience/fault.ts';
import { Deadline } from '../../../table/deadlines.ts';
import { AHEAD_BYTES_MAX } from '../../client/ahead-bytes.ts';
import { borrowReads, giveBackReads } from '../../client/borrowed-reads.ts';
import { factsOf } from '../../client/connection-facts.ts';
import { LINGER_MS } from '../../client/lingering.ts';
import { type FaultContext, faultAnswer, type OwnAnswer, ownAnswerBytes, refusalAnswer } from '../../message/answer.ts';
import { INCOMPLETE, UNUSUAL } from '../../message/fields.ts';
import { REQUEST_HEAD_BYTES_MAX } from '../../message/request-head.ts';
import { Relay } from '../../relay/relay.ts';
import type { RelayClient } from '../../relay/relay-client.ts';
import type { Attempt, Exchange } from '../../request/exchange.ts';
import { answerLines } from '../../request/ruled-head.ts';
import type { ServiceState } from '../../request/service-state.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { writeText } from '../../writes/direct-write.ts';
import { LateText } from '../../writes/late-text.ts';
import { interimHeadText, ownAnswerText, requestHeadText, responseHeadText } from '../grammar/head-text.ts';
import { RequestBody } from '../grammar/request-body.ts';
import { WireHead } from '../grammar/request-head.ts';
import type { WireDeps } from '../wire-deps.ts';
import { Ahead } from './ahead.ts';
import { ownLines } from './answer-lines.ts';
import { writeAnswer, writeBody } from './answer-writer.ts';
import { Farewell } from './farewell.ts';
import { HEAD_READS_MAX, HeadReader, mayEndHere, NO_REQUEST } from './head-reader.ts';

/**
 * A client's connection: reads requests one after the other, has each relayed, and writes the answers. At the first request
 * that is not plainly in the grammar of `request-head.ts`, the connection goes to the general engine for good.
 */
export class ClientConnection implements RelayClient {
  readonly head: WireHead;
  readonly body = new RequestBody();
  readonly socket: Socket;
  readonly #deps: WireDeps;
  readonly #relay: Relay;
  readonly #deadline: Deadline;
  readonly #left: (connection: ClientConnection) => void;
  readonly #ahead: Ahead;
  readonly #late = new LateText(this);
  readonly #heads = new HeadReader();
  #headReads = 0;
  #running = false;
  readonly #farewell = new Farewell();
  #state: 'open' | 'closing' | 'gone' = 'open';
  readonly #keepAliveLines: string;

  /** `left` is called once, when the connection has ended or has been handed over. */
  constructor(deps: WireDeps, socket: Socket, left: (connection: ClientConnection) => void) {
    this.#deps = deps;
    this.#left = left;
    this.#ahead = new Ahead(deps.ahead);
    this.socket = socket;
    this.head = new WireHead(factsOf(socket));
    this.#relay = new Relay(deps, this);
    this.#deadline = new Deadline(() => this.#due());
    deps.deadlines.arm(this.#deadline, deps.headMs());
    this.#keepAliveLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(deps.keepAliveMs() / 1000)}\r\n`;
    if (!borrowReads(socket, this.#onRead)) socket.on('data', this.#onData);
    socket.on('drain', this.#onDrain);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onGone).on('close', this.#onGone);
  }

  get idle(): boolean {
    return !this.#relay.busy && this.#ahead.bytes === undefined && this.#state === 'open';
  }

  /** It has carried no request yet: its first one may be on the way. */
  get fresh(): boolean {
    return this.head.method === '';
  }

  requestText(exchange: Exchange, basePath: string): string {
    return requestHeadText(this.head, exchange, basePath);
  }

  sendInterim(upstream: Upstream): void {
    this.socket.write(interimHeadText(upstream), 'latin1');
  }

  sendAnswer(upstream: Upstream, exchange: Exchange, attempt: Attempt): void {
    const lines = ownLines(exchange, attempt) + this.#connectionLines(this.body.ended);
    const ruled = answerLines(upstream.head.lines, exchange, attempt);
    // Behind a whole answer nothing is written until the client has asked again.
    const rests = upstream.done && this.#ahead.bytes === undefined && !this.#closes(this.body.ended);
    writeAnswer(this.socket, responseHeadText(upstream, lines, ruled), upstream, rests ? this.#late : undefined);
    if (this.socket.writableNeedDrain && !upstream.done) upstream.pause();
  }

  sendBody(upstream: Upstream): void {
    writeBody(this.socket, upstream);
    if (this.socket.writableNeedDrain && !upstream.done) upstream.pause();
  }

  sendFault(fault: Fault, context: FaultContext, requestEnded: boolean): void {
    const { pseudonym, random } = this.#deps;
    this.sendOwn(faultAnswer(fault, { ...context, pseudonym: pseudonym(), draw: random() }), requestEnded);
  }

  sendOwn(answer: OwnAnswer, requestEnded: boolean): void {
    writeText(this.socket, ownAnswerText(answer, this.#connectionLines(requestEnded), this.head.method !== 'HEAD'));
    this.finished(requestEnded);
  }

  finished(requestEnded: boolean, nowMs?: number): void {
    if (this.#closes(requestEnded)) return this.#close();
    if (this.#running) return;
    const { bytes } = this.#ahead;
    if (bytes !== undefined) this.#run(bytes, bytes.length);
    else this.#rest(nowMs);
    if (this.#state === 'open' && this.socket.isPaused() && !this.#relay.busy) this.socket.resume();
  }

  wantBody(): void {
    if (this.#state === 'open' && this.socket.isPaused()) this.socket.resume();
  }

  destroy(): void {
    this.#onGone();
    this.socket.destroy();
  }

  /** An error of our own in what is done for this connection: it ends, and no other one with it. */
  faulted(error: unknown): void {
    this.#deps.faulted(error);
    this.destroy();
  }

  #connectionLines(requestEnded: boolean): string {
    return this.#closes(requestEnded) ? 'Connection: close\r\n' : this.#keepAliveLines;
  }

  #closes(requestEnded: boolean): boolean {
    return this.head.close || !requestEnded || this.#deps.draining();
  }

  readonly #onData = (chunk: Buffer): void => this.#onRead(chunk, chunk.length);

  /** What is read, up to `to`, is only lent: what is kept of it is copied. */
  readonly #onRead = (bytes: Buffer, to: number): void => {
    try {
      this.#late.writeNow();
      this.#take(bytes, to);
    } catch (error) {
      this.faulted(error);
    }
  };

  #take(bytes: Buffer, to: number): void {
    if (this.#state === 'closing' && !this.#farewell.came(to)) this.destroy();
    if (this.#state !== 'open') return;
    if (!this.#relay.busy) return this.#run(this.#ahead.before(bytes, to), to + this.#ahead.length);
    const from = this.body.ended ? 0 : this.#feed(bytes, 0, to);
    if (from < to) this.#keepAhead(bytes, from, to);
  }

  readonly #onDrain = (): void => this.#relay.clientDrained();

  /** A client that ends in the middle of its request gets a refusal; one that ends after it does not want the answer. */
  readonly #onEnd = (): void => {
    const unfinished = this.#relay.busy ? !this.body.ended : this.#ahead.bytes !== undefined;
    if (this.#state === 'open' && unfinished && !this.#relay.answering) this.#refuse(NO_REQUEST);
    else this.#onGone();
  };

  readonly #onGone = (): void => {
    if (this.#state === 'gone') return;
    this.#leave();
    this.#relay.clientGone();
    this.#relay.end();
    this.socket.destroy();
  };

  /** Takes as many requests from these bytes as can be: one that is relayed ends it, until it has been answered. */
  #run(bytes: Buffer, to: number): void {
    let at = 0;
    this.#ahead.drop();
    this.#running = true;
    while (at < to && this.#state === 'open' && !this.#relay.busy) {
      const end = this.#takeRequest(bytes, at, to);
      if (end === STOP) break;
      at = end;
    }
    this.#running = false;
    if (this.#state !== 'open') return;
    if (this.#relay.busy) {
      if (at < to) this.#keepAhead(bytes, at, to);
    } else if (this.#ahead.bytes === undefined) this.#rest();
  }

  /** Takes one request; returns where the next begins, or `STOP`. */
  #takeRequest(bytes: Buffer, at: number, to: number): number {
    const end = this.#heads.read(bytes, at, to, this.head);
    if (end === INCOMPLETE) return this.#waitForHead(bytes, at, to);
    const state = end === UNUSUAL ? undefined : this.#deps.pipeline.serviceOf(this.head);
    const unusual = end === UNUSUAL || end - at > REQUEST_HEAD_BYTES_MAX || mayEndHere(this.head);
    if (unusual || (state !== undefined && this.#deps.isGeneral(state))) return this.#handOver(bytes, at, to, state);
    this.#headReads = 0;
    this.#deps.deadlines.disarm(this.#deadline);
    this.#relay.begin(state);
    if (!this.#relay.busy) return end;
    const next = this.body.ended ? end : this.#takeBody(bytes, end, to);
    if (this.#relay.busy) this.#relay.launch();
    return next;
  }

  #waitForHead(bytes: Buffer, at: number, to: number): typeof STOP {
    this.#headReads += 1;
    if (this.#headReads > HEAD_READS_MAX || to - at > REQUEST_HEAD_BYTES_MAX) return this.#handOver(bytes, at, to);
    this.#ahead.start(bytes, at, to);
    if (this.#headReads === 1) this.#deps.deadlines.arm(this.#deadline, this.#deps.headMs());
    return STOP;
  }

  #takeBody(bytes: Buffer, from: number, to: number): number {
    const end = this.body.takeWhole(bytes, from, to);
    return end === -1 ? this.#feed(bytes, from, to) : end;
  }

  /** Gives the relay what of these bytes belongs to the body; returns where it ends. */
  #feed(bytes: Buffer, from: number, to: number): number {
    const { piece, end } = this.body.take(bytes, from, to);
    if (this.body.broken) {
      this.#refuse(NO_REQUEST);
      return to;
    }
    this.#deps.passed(piece.length);
    if (!this.#relay.feed(piece) && !this.body.ended) this.socket.pause();
    return end;
  }

  /** What comes ahead of its turn is kept. Where there is no room for it in all, the connection ends behind the request that is under way. */
  #keepAhead(bytes: Buffer, from: number, to: number): void {
    if (this.head.close) return;
    if (!this.#ahead.add(bytes, from, to)) this.head.close = true;
    else if ((this.#ahead.bytes as Buffer).length > AHEAD_BYTES_MAX) this.socket.pause();
  }

  #rest(nowMs?: number): void {
    this.#headReads = 0;
    this.#deps.deadlines.arm(this.#deadline, this.#deps.keepAliveMs(), nowMs);
  }

  #due(): void {
    const { deadlines, clientIdleMs } = this.#deps;
    const taking = this.#farewell.isTaking(this.socket.writableLength, clientIdleMs());
    if (taking || (this.#state === 'closing' && this.#farewell.isSending())) {
      return deadlines.arm(this.#deadline, LINGER_MS);
    }
    if (this.#state === 'closing') return this.destroy();
    if (this.#ahead.bytes === undefined && this.head.method !== '') return this.destroy();
    this.#refuse(refusalAnswer(408, 'the request head did not come in time'));
  }

  /** The request is not one, and nothing after it is either. */
  #refuse(answer: OwnAnswer): void {
    this.#deps.refused();
    const silent = this.#relay.answering;
    this.#relay.clientGone();
    if (silent) return this.destroy();
    this.socket.write(ownAnswerBytes(answer), 'latin1');
    this.#close();
  }

  /** Ends the connection once the client has had time to read what was written; what it still sends is not looked at. */
  #close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#ahead.drop();
    this.socket.end();
    this.socket.resume();
    this.#deps.deadlines.arm(this.#deadline, LINGER_MS);
  }

  #handOver(bytes: Buffer, at: number, to: number, state?: ServiceState): typeof STOP {
    const { socket } = this;
    this.#leave();
    this.#relay.end();
    socket.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd);
    socket.off('error', this.#onGone).off('close', this.#onGone).pause();
    giveBackReads(socket);
    socket.unshift(Buffer.from(bytes.subarray(at, to)));
    this.#deps.handOver(socket, state);
    socket.resume();
    return STOP;
  }

  #leave(): void {
    this.#state = 'gone';
    this.#late.writeNow();
    this.#ahead.drop();
    this.#deps.deadlines.remove(this.#deadline);
    this.#left(this);
  }
}

const STOP = -1;
