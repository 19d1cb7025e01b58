import { type Fault, isFault } from '../../resilience/fault.ts';
import { type AnswerHead, listOf, ReadHead } from '../message/answer-head.ts';
import { mayRefuse } from '../message/overload.ts';
import type { Attempt, Ending, Exchange } from '../request/exchange.ts';
import type { AnswerHandler, Forwarding, OnInterim } from '../request/forwarding.ts';
import type { Pipeline } from '../request/pipeline.ts';
import { withTimeLeft } from '../request/request-deadline.ts';
import { mappedHead } from '../request/ruled-head.ts';
import type { OnSwitch } from '../request/switched.ts';
import type { TunnelSide } from '../tunnel/side.ts';
import { UpstreamAttempt } from '../upstream/attempt.ts';
import type { AttemptDeps, AttemptHandler } from '../upstream/attempt-handler.ts';
import type { Mirrors } from '../upstream/mirrors.ts';
import { standInAnswer, standInHead } from '../upstream/sabotage.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { writeText } from '../writes/direct-write.ts';
import { dataOf, lentDataOf } from './answer-data.ts';
import type { AnswerTaker } from './answer-taker.ts';
import { ContinueWait } from './continue-wait.ts';
import { PartialAnswer } from './partial.ts';
import type { ReplayBody } from './replay-body.ts';
import { requestText } from './request-text.ts';

export type ForwarderDeps = AttemptDeps & {
  readonly pipeline: Pipeline;
  readonly mirrors: Pick<Mirrors, 'answered'>;
  /** Called with the bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
  /** Called with an error of our own in what was done with an answer. */
  readonly faulted: (error: unknown) => void;
};

const NOTHING: readonly string[] = [];
const NO_BODY = { ended: true, replayable: true, kept: [] } as const;

/** Forwards one exchange to endpoints: one attempt at a time, and beside it those whose patience has expired, which race on. */
export class Forwarder implements AttemptHandler<UpstreamAttempt>, AnswerTaker, Forwarding {
  readonly exchange: Exchange;
  readonly body: ReplayBody | typeof NO_BODY;
  readonly #replayed: ReplayBody | undefined;
  readonly #onInterim: OnInterim;
  /** Set for a request that asks for an upgrade. */
  onSwitch: OnSwitch | undefined;
  /** The head of the answer that was delivered. */
  head: AnswerHead | undefined;
  trailers: readonly string[] = NOTHING;
  readonly added: readonly string[] = NOTHING;
  readonly faultStatus = undefined;
  /** What ended the exchange without an answer. */
  fault: Fault | undefined;
  #deps!: ForwarderDeps;
  #handler!: AnswerHandler;
  /** The attempts that are under way; once an answer is delivered, only its own. */
  readonly #attempts: UpstreamAttempt[] = [];
  /** The attempt whose answer is delivered. */
  #answering: Attempt | undefined;
  /** Those whose answers experiments make partial. */
  #partial: Map<UpstreamAttempt, PartialAnswer> | undefined;
  #continue: ContinueWait | undefined;
  #over = false;

  constructor(exchange: Exchange, body: ReplayBody | undefined, onInterim: OnInterim) {
    this.exchange = exchange;
    this.body = body ?? NO_BODY;
    this.#replayed = body;
    this.#onInterim = onInterim;
  }

  get answeredBy(): Attempt | undefined {
    return this.#answering ?? this.exchange.attempts.at(-1);
  }

  launch(deps: ForwarderDeps, handler: AnswerHandler): void {
    this.#deps = deps;
    this.#handler = handler;
    this.#next(deps.pipeline.start(this.exchange));
  }

  /** The client has left, or has all it wanted: whatever is under way is cancelled. */
  abandon(): void {
    if (this.#over) return;
    const attempt = this.#answering ?? this.#attempts.at(-1)?.attempt;
    this.#finish();
    const { pipeline } = this.#deps;
    if (this.head !== undefined && attempt !== undefined) pipeline.ended(this.exchange, attempt, 'client-gone');
    else pipeline.clientGone(this.exchange, attempt);
  }

  /** Its answer is a failure, and the client gets something better: it is broken off, and counts as the failure it is. */
  reject(): void {
    if (!this.#over && this.#answering !== undefined) this.#end('complete', undefined);
  }

  send(one: UpstreamAttempt, { socket }: Upstream): void {
    const { endpoint } = one.attempt as Attempt;
    const text = withTimeLeft(requestText(this.exchange, endpoint), this.exchange, this.#deps.deadlines);
    const body = this.#replayed;
    if (body === undefined) return void writeText(socket, text);
    body.sendTo(one, socket, text);
    if (this.exchange.head.expectsContinue !== true) return;
    this.#continue ??= new ContinueWait(this.#onInterim);
    this.#continue.begin();
  }

  interim({ head }: Upstream): void {
    this.#continue?.end();
    if (!this.#over) this.#onInterim(new ReadHead(head));
  }

  answered(one: UpstreamAttempt, upstream: Upstream): void {
    this.#continue?.end();
    const { status, lines } = upstream.head;
    if (mayRefuse(status)) this.#deps.pipeline.refusing(this.exchange, one.attempt as Attempt, status, lines);
    this.#moved(one, upstream);
    const taker = this.#takerOf(one);
    taker.takeHead(one, mappedHead(upstream.head, this.exchange, one.attempt as Attempt));
    this.#pass(one, upstream, taker);
  }

  more(one: UpstreamAttempt, upstream: Upstream): void {
    this.#moved(one, upstream);
    this.#pass(one, upstream, this.#takerOf(one));
  }

  failed(one: UpstreamAttempt, fault: Fault): void {
    this.#takerOf(one).takeFault(one, fault);
  }

  deadlinePassed(): void {
    this.#giveUp(this.#deps.pipeline.deadlinePassed(this.exchange, this.#answering));
  }

  patienceExpired(one: UpstreamAttempt): void {
    const { pipeline } = this.#deps;
    const next = pipeline.patienceExpired(this.exchange, one.attempt as Attempt, this.body.replayable);
    if (next !== undefined) this.#next(next);
  }

  standIn(one: UpstreamAttempt, status: number, text: string): void {
    const chunk = Buffer.from(standInAnswer(status, text, this.exchange).body, 'latin1');
    this.takeHead(one, standInHead(status, chunk.length));
    if (one.attempt === undefined) return;
    if (this.exchange.head.method !== 'HEAD') this.takeData(one, chunk);
    this.takeEnd(one, NOTHING);
  }

  /** The endpoint has switched protocols: the request has ended, and a stream begins. */
  switched(one: UpstreamAttempt, { head }: Upstream, endpoint: TunnelSide): void {
    const attempt = one.attempt as Attempt;
    const { exchange, onSwitch } = this;
    const { pipeline } = this.#deps;
    if (onSwitch === undefined) {
      endpoint.destroy();
      return this.takeFault(one, { kind: 'bad-response', sent: 'some', cause: 'it switched protocols unasked' });
    }
    this.#finish();
    const { status, reason, lines } = mappedHead(head, exchange, attempt);
    pipeline.answered(exchange, attempt, status, false);
    const shown = { status, reason, headers: [...listOf(lines), 'Upgrade', head.upgrade] };
    onSwitch({ exchange, head: shown, endpoint, release: pipeline.upgraded(exchange, attempt) });
  }

  faulted(error: unknown): void {
    this.#deps.faulted(error);
    this.abandon();
    this.#handler.answerFailed();
  }

  wantBody(): void {
    this.#replayed?.want();
  }

  clientStalled(answerable = false): void {
    if (answerable && this.head === undefined)
      return this.#giveUp(this.#deps.pipeline.bodyRefused(this.exchange, 'stalled'));
    this.abandon();
    this.#replayed?.giveUp();
  }

  /** An experiment makes an answer partial. */
  sabotaged(experiment: string): void {
    this.#deps.pipeline.sabotaged(this.exchange, experiment, 'partial');
  }

  takeHead(one: UpstreamAttempt, head: AnswerHead): void {
    const attempt = one.attempt as Attempt;
    const next = this.#deps.pipeline.answered(this.exchange, attempt, head.status, this.body.replayable);
    if (next !== undefined) {
      this.#drop(one);
      return this.#next(next);
    }
    for (let i = this.#attempts.length - 1; i >= 0; i -= 1) {
      const other = this.#attempts[i] as UpstreamAttempt;
      if (other !== one) this.#drop(other);
    }
    this.#answering = attempt;
    this.head = head;
    this.#handler.answerBegun(one);
    if (!this.#over) this.#deps.mirrors.answered(this.exchange, this.body, requestText);
  }

  takeData(one: UpstreamAttempt, chunk: Buffer): void {
    this.#deps.passed(chunk.length);
    this.#handler.answerData(one, chunk);
  }

  takeEnd(one: UpstreamAttempt, trailers: readonly string[]): void {
    this.trailers = trailers;
    this.#end('complete', undefined);
    this.#handler.answerEnded(one);
  }

  takeFault(one: UpstreamAttempt, fault: Fault): void {
    if (this.head !== undefined) {
      this.#end('broken', fault);
      return this.#handler.answerFailed();
    }
    const attempt = one.attempt as Attempt;
    const next = this.#deps.pipeline.failed(this.exchange, attempt, fault, this.body.replayable);
    this.#drop(one);
    // Another one may still answer.
    if (!isFault(next) || this.#attempts.length === 0) this.#next(next);
  }

  #takerOf(one: UpstreamAttempt): AnswerTaker {
    return this.#partial?.get(one) ?? this;
  }

  #moved(one: UpstreamAttempt, { done }: Upstream): void {
    if (done) one.finished();
    else one.moved();
  }

  /** Hands on the piece of the body that has come, unless the attempt has been dropped. */
  #pass(one: UpstreamAttempt, upstream: Upstream, taker: AnswerTaker): void {
    if (one.attempt === undefined) return;
    if (taker === this && this.#handler.takesLent) this.#lend(one, upstream);
    else {
      const data = dataOf(upstream);
      if (data !== undefined) taker.takeData(one, data);
    }
    if (!upstream.done || one.attempt === undefined) return;
    const { trailers } = upstream;
    taker.takeEnd(one, trailers === '' ? NOTHING : listOf(trailers));
  }

  #lend(one: UpstreamAttempt, upstream: Upstream): void {
    const data = lentDataOf(upstream);
    if (data === undefined) return;
    this.#deps.passed(data.length);
    if (!this.#handler.answerData(one, data)) upstream.keepBytes();
  }

  #end(how: Ending['how'], fault: Fault | undefined): void {
    this.#finish();
    this.#deps.pipeline.ended(this.exchange, this.#answering as Attempt, how, fault);
  }

  /** Nothing more comes of it. */
  #finish(): void {
    this.#over = true;
    this.#continue?.end();
    this.#replayed?.rest();
    for (const one of this.#attempts) {
      one.drop();
      one.end();
    }
    this.#attempts.length = 0;
  }

  #drop(one: UpstreamAttempt): void {
    one.drop();
    one.end();
    this.#attempts.splice(this.#attempts.indexOf(one), 1);
  }

  #next(next: Attempt | Fault): void {
    const { pipeline } = this.#deps;
    if (!isFault(next)) {
      const plan = pipeline.sabotage(this.exchange, next);
      const one = new UpstreamAttempt(this.#deps, this);
      this.#attempts.push(one);
      if (plan?.partial !== undefined) {
        this.#partial ??= new Map();
        this.#partial.set(one, new PartialAnswer(this, this.exchange.head.method, plan.partial));
      }
      return one.begin(this.exchange, next, plan);
    }
    this.#giveUp(next);
  }

  /** Ends it with a fault, which its client hears of unless an answer has begun. */
  #giveUp(fault: Fault): void {
    this.fault = fault;
    this.#finish();
    if (this.#answering === undefined) this.#deps.pipeline.gaveUp(this.exchange, fault);
    this.#handler.answerFailed();
  }
}
