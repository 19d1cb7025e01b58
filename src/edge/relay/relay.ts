import type { Endpoint } from '../../config/topology.ts';
import { type Fault, isFault } from '../../resilience/fault.ts';
import { invariant } from '../../table/invariant.ts';
import { mayRefuse } from '../message/overload.ts';
import type { EdgeAnswer } from '../request/challenge-answer.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import { faultContext, refusalContext } from '../request/fault-context.ts';
import { answeredAtMs } from '../request/judge.ts';
import type { Pipeline } from '../request/pipeline.ts';
import { withTimeLeft } from '../request/request-deadline.ts';
import type { ServiceState } from '../request/service-state.ts';
import type { TunnelSide } from '../tunnel/side.ts';
import { UpstreamAttempt } from '../upstream/attempt.ts';
import type { AttemptDeps, AttemptHandler } from '../upstream/attempt-handler.ts';
import type { Mirrors } from '../upstream/mirrors.ts';
import { standInAnswer } from '../upstream/sabotage.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { KeptBody } from './kept-body.ts';
import type { RelayClient } from './relay-client.ts';
import { writeRequest } from './request-writer.ts';

/** What relays need; one set per edge thread. */
export type RelayDeps = AttemptDeps & {
  readonly pipeline: Pipeline;
  readonly mirrors: Pick<Mirrors, 'answered'>;
  /** What this edge itself answers to whoever checks its health. */
  readonly edgeAnswer: EdgeAnswer;
};

const NONE: readonly UpstreamAttempt[] = [];

/**
 * One request at a time of one client, on its way through the pipeline: has it tried, and passes the answer on. Made once a connection, or
 * a stream, and used again for further requests.
 *
 * There is one attempt at a time, unless the patience of one has expired: then it races on beside the next, and whichever answers first is
 * the client's answer. By then the whole body has been sent, so that only the latest try is ever fed.
 */
export class Relay implements AttemptHandler<UpstreamAttempt> {
  readonly body: KeptBody;
  readonly #deps: RelayDeps;
  readonly #client: RelayClient;
  #state: 'idle' | 'asking' | 'answering' = 'idle';
  #exchange!: Exchange;
  #current: UpstreamAttempt;
  /** Those that have lost patience, and race on. */
  #slow: readonly UpstreamAttempt[] = NONE;
  /** Whether the answer began before the end of the request; it has said that the connection ends with it, then. */
  #early = false;

  constructor(deps: RelayDeps, client: RelayClient) {
    this.#deps = deps;
    this.#client = client;
    this.body = client.body;
    this.#current = new UpstreamAttempt(deps, this);
  }

  get busy(): boolean {
    return this.#state !== 'idle';
  }

  /** Whether an endpoint's answer is on its way to the client. */
  get answering(): boolean {
    return this.#state === 'answering';
  }

  /** A request begins: its head has been read. Not busy afterwards: it has been answered, no endpoint is asked. */
  begin(state: ServiceState | undefined): void {
    const { head } = this.#client;
    const own = this.#deps.edgeAnswer(head);
    const exchange = own === undefined ? this.#deps.pipeline.identify(head, state) : { answer: own };
    if ('answer' in exchange || isFault(exchange)) {
      this.body.begin(head.length, 0);
      if ('answer' in exchange) return this.#client.sendOwn(exchange.answer, this.body.ended);
      return this.#client.sendFault(exchange, refusalContext(head, exchange), this.body.ended);
    }
    this.#exchange = exchange;
    this.body.begin(head.length, exchange.view.service.retries.bufferBytes);
    this.#state = 'asking';
  }

  /** Sends it on its way; what of the body has come with the head has been fed before. */
  launch(): void {
    this.#exchange.bytesIn += this.body.text.length;
    // It has begun in this very turn.
    this.#next(this.#deps.pipeline.start(this.#exchange, this.#exchange.startMs));
  }

  /** More of the body has come; false when no more is wanted for now. */
  feed(piece: Buffer): boolean {
    this.#exchange.bytesIn += piece.length;
    if (this.#exchange.bytesIn > this.#exchange.bodyBytesMax) {
      if (this.answering) this.#client.destroy();
      else this.#giveUp(this.#deps.pipeline.bodyRefused(this.#exchange, 'beyond'));
      return false;
    }
    this.body.keep(piece, this.#current.hasUpstream);
    return this.#current.feed(piece);
  }

  /** The client has left. */
  clientGone(): void {
    if (!this.busy) return;
    const { answering } = this;
    const { attempt } = this.#current;
    this.#rest();
    if (answering && attempt !== undefined) this.#deps.pipeline.ended(this.#exchange, attempt, 'client-gone');
    else this.#deps.pipeline.clientGone(this.#exchange, attempt);
  }

  /** There will be no more requests. */
  end(): void {
    this.#current.end();
  }

  /** The client has taken what there was for it. */
  clientDrained(): void {
    this.#current.resume();
    if (this.answering) this.#current.moved();
  }

  send(one: UpstreamAttempt, upstream: Upstream): void {
    const text = this.#textOf(this.#exchange, (one.attempt as Attempt).endpoint);
    writeRequest(upstream, withTimeLeft(text, this.#exchange, this.#deps.deadlines), this.body);
  }

  interim(upstream: Upstream): void {
    this.#client.sendInterim(upstream);
  }

  answered(one: UpstreamAttempt, upstream: Upstream): void {
    const attempt = one.attempt as Attempt;
    const { status, lines: fields } = upstream.head;
    if (mayRefuse(status)) this.#deps.pipeline.refusing(this.#exchange, attempt, status, fields);
    const next = this.#deps.pipeline.answered(this.#exchange, attempt, status, this.body.replayable);
    if (next !== undefined) return this.#instead(one, next);
    this.#won(one);
    this.#early = !this.body.ended;
    this.#client.sendAnswer(upstream, this.#exchange, attempt);
    const exchange = this.#exchange;
    if (exchange.state.mirror !== undefined && this.answering)
      this.#deps.mirrors.answered(exchange, this.body, (...at) => this.#textOf(...at));
    this.#progress(upstream, answeredAtMs(attempt));
  }

  more(_: UpstreamAttempt, upstream: Upstream): void {
    this.#client.sendBody(upstream);
    this.#progress(upstream);
  }

  faulted(error: unknown): void {
    this.#client.faulted(error);
  }

  /** An attempt has failed, before its answer or in the middle of it. */
  failed(one: UpstreamAttempt, fault: Fault): void {
    const attempt = one.attempt as Attempt;
    const { pipeline } = this.#deps;
    if (this.answering) {
      this.#rest();
      pipeline.ended(this.#exchange, attempt, 'broken', fault);
      // Half an answer must not look like a whole one.
      return this.#client.destroy();
    }
    const next = pipeline.failed(this.#exchange, attempt, fault, this.body.replayable);
    if (isFault(next) && this.#slow.length > 0) return this.#leave(one);
    this.#instead(one, next);
  }

  deadlinePassed(): void {
    const { answering } = this;
    const fault = this.#deps.pipeline.deadlinePassed(this.#exchange, answering ? this.#current.attempt : undefined);
    if (!answering) return this.#giveUp(fault);
    this.#rest();
    this.#client.destroy(fault);
  }

  patienceExpired(one: UpstreamAttempt): void {
    const next = this.#deps.pipeline.patienceExpired(this.#exchange, one.attempt as Attempt, this.body.replayable);
    if (next === undefined) return;
    this.#slow = [...this.#slow, this.#current];
    this.#current = new UpstreamAttempt(this.#deps, this);
    this.#next(next);
  }

  standIn(one: UpstreamAttempt, status: number, text: string): void {
    const attempt = one.attempt as Attempt;
    const { pipeline } = this.#deps;
    const next = pipeline.answered(this.#exchange, attempt, status, this.body.replayable);
    if (next !== undefined) return this.#instead(one, next);
    const exchange = this.#exchange;
    this.#won(one);
    this.#rest();
    pipeline.ended(exchange, attempt, 'complete');
    this.#client.sendOwn(standInAnswer(status, text, exchange), this.body.ended);
  }

  /** Nothing asks for that here; such requests are for the general engine. */
  switched(_: UpstreamAttempt, _upstream: Upstream, endpoint: TunnelSide): void {
    endpoint.destroy();
    invariant(false, 'an endpoint switched protocols unasked');
  }

  wantBody(): void {
    this.#client.wantBody();
  }

  clientStalled(answerable = false): void {
    if (answerable && !this.answering) return this.#giveUp(this.#deps.pipeline.bodyRefused(this.#exchange, 'stalled'));
    this.#client.destroy();
  }

  /** The head of the request as an endpoint gets it. */
  #textOf(exchange: Exchange, endpoint: Endpoint): string {
    const { rules } = exchange.state;
    const text = this.#client.requestText(exchange, endpoint.url.basePath);
    return rules === undefined ? text : rules.request(text, exchange, endpoint);
  }

  #next(next: Attempt | Fault): void {
    if (isFault(next)) return this.#giveUp(next);
    const { pipeline } = this.#deps;
    this.#current.begin(this.#exchange, next, pipeline.sabotage(this.#exchange, next));
  }

  /** Another try in the place of one that is over; or the end, if there is none. */
  #instead(one: UpstreamAttempt, next: Attempt | Fault): void {
    one.drop();
    if (one !== this.#current) {
      this.#slow = [...this.#slow.filter((other) => other !== one), this.#current];
      this.#current = one;
    }
    this.#next(next);
  }

  /** Drops an attempt while others race on; if it was the latest, one of those is the latest now. */
  #leave(one: UpstreamAttempt): void {
    one.drop();
    one.end();
    if (one === this.#current) this.#current = this.#slow.at(-1) as UpstreamAttempt;
    this.#slow = this.#slow.filter((other) => other !== one && other !== this.#current);
  }

  /** Its answer is the client's; the pipeline has settled the others. */
  #won(one: UpstreamAttempt): void {
    this.#state = 'answering';
    if (this.#slow.length === 0) return;
    for (const other of [...this.#slow, this.#current]) {
      if (other === one) continue;
      other.drop();
      other.end();
    }
    this.#current = one;
    this.#slow = NONE;
  }

  #giveUp(fault: Fault): void {
    this.#deps.pipeline.gaveUp(this.#exchange, fault);
    this.#rest();
    this.#client.sendFault(fault, faultContext(this.#exchange), this.body.ended);
  }

  /** Something of the answer has been sent on, at `nowMs` where that is known. */
  #progress(upstream: Upstream, nowMs?: number): void {
    this.#exchange.bytesOut += upstream.piece.to - upstream.piece.from;
    if (!upstream.done) return this.#current.moved();
    const attempt = this.#current.attempt as Attempt;
    this.#current.finished();
    this.#rest();
    if (nowMs === undefined) this.#deps.pipeline.ended(this.#exchange, attempt, 'complete');
    else this.#deps.pipeline.completed(this.#exchange, attempt, nowMs);
    this.#client.finished(!this.#early, nowMs);
  }

  #rest(): void {
    for (const other of this.#slow) {
      other.drop();
      other.end();
    }
    this.#slow = NONE;
    this.#current.drop();
    this.#state = 'idle';
    this.body.forget();
  }
}
