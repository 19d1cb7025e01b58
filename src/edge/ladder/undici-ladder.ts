import type { Dispatcher } from 'undici';
import { isNotModified, notModifiedHeaders } from '../../degraded/conditional.ts';
import type { Copy } from '../../degraded/copy.ts';
import { FAILED_STATUSES, nextStep, type Situation } from '../../degraded/ladder.ts';
import { publicUrl } from '../../degraded/public-url.ts';
import { collapsedHeaders, copyHeaders, forwardedFor, forwardedHeaders } from '../../degraded/rung-headers.ts';
import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import { standingOf } from '../../degraded/standing.ts';
import type { FallbackAnswer, FallbackOwner, FallbackTry } from '../../degraded/undici-fallback.ts';
import { FAULT_STATUS, type Fault } from '../../resilience/fault.ts';
import { type Endpoints, qualityOf, type Source } from '../../table/quality.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import { HeldAnswer } from '../general/held-answer.ts';
import type { AnswerHead, Journey } from '../general/journey.ts';
import type { ReplayBody } from '../general/replay-body.ts';
import type { FlightDeps } from '../general/undici-flight.ts';
import { WholeAnswer } from '../general/undici-whole.ts';
import { STATUS_TOLD_MAX } from '../message/answer-line.ts';
import { joinedHeader } from '../message/request-head.ts';
import type { Attempt, Ending, Exchange } from '../request/exchange.ts';
import { fallbackHeaders, isShareable, LATE, publicAsked, troubleHeaders } from './ladder-request.ts';
import { Primary, type PrimaryOwner } from './undici-primary.ts';

/**
 * A request of a service with a degraded ladder: it goes down rung by rung, as `nextStep` says, until one answers. The
 * first that does is the client's answer; whatever else is under way then is let go. Only GET and HEAD have rungs; what
 * other methods need of it is that a change drops the copies of what it changed.
 */
export class LadderFlight implements Journey, PrimaryOwner, FallbackOwner {
  readonly exchange: Exchange;
  head: AnswerHead | undefined;
  said: readonly string[] = [];
  fault: Fault | undefined;
  faultStatus: number | undefined;
  readonly #ladder: ServiceLadder;
  readonly #url: string;
  readonly #body: ReplayBody | undefined;
  readonly #onInterim: (head: AnswerHead) => void;
  readonly #hasRungs: boolean;
  #deps: FlightDeps | undefined;
  #handler: Dispatcher.DispatchHandler | undefined;
  #primary: Primary | undefined;
  #state: Situation['primary'] = 'pending';
  #held: HeldAnswer<Dispatcher.DispatchController> | undefined;
  #fallback: FallbackTry | undefined;
  #fallbacksTried = 0;
  #waited = false;
  #source: Source | undefined;
  #timer: Timer | undefined;
  #unfollow: (() => void) | undefined;
  #over = false;

  constructor(
    exchange: Exchange,
    ladder: ServiceLadder,
    body: ReplayBody | undefined,
    onInterim: (head: AnswerHead) => void,
  ) {
    this.exchange = exchange;
    this.#ladder = ladder;
    this.#body = body;
    this.#onInterim = onInterim;
    this.#url = publicUrl(publicAsked(exchange));
    const { method } = exchange.head;
    this.#hasRungs = (method === 'GET' || method === 'HEAD') && body === undefined;
  }

  get answeredBy(): Attempt | undefined {
    return this.#source === 'endpoint' ? this.exchange.attempts.at(-1) : undefined;
  }

  get trailers(): readonly string[] {
    return this.#source === 'endpoint' ? (this.#primary?.flight.trailers ?? []) : [];
  }

  launch(deps: FlightDeps, handler: Dispatcher.DispatchHandler): void {
    this.#deps = deps;
    this.#handler = handler;
    deps.pipeline.postpone(this.exchange);
    if (this.#hasRungs) this.#timer = startTimer(this.#ladder.policy.primaryMs, LadderFlight.late, this);
    const { misses } = this.#ladder;
    if (!isShareable(this.exchange.head)) return this.#sendPrimary(false);
    const leads = misses.lead(this.#url);
    if (!leads) this.#unfollow = misses.follow(this.#url, (outcome) => this.#leaderDone(outcome === 'stored'));
    if (this.#unfollow === undefined) this.#sendPrimary(leads);
  }

  abandon(): void {
    if (this.#over) return;
    this.#let('client-gone');
    this.#conclude({ status: 499, how: 'client-gone' });
  }

  primaryAnswered(controller: Dispatcher.DispatchController, status: number): void {
    const head = this.#primary?.flight.head as AnswerHead;
    if (this.#hasRungs && FAILED_STATUSES.has(status)) {
      this.#state = 'failed';
      this.#held = new HeldAnswer(controller, head);
      return this.#step();
    }
    this.#relay(controller, head);
  }

  primaryData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#source === 'endpoint') this.#handler?.onResponseData?.(controller, chunk);
    else this.#held?.data(chunk);
  }

  primaryEnded(controller: Dispatcher.DispatchController): void {
    if (this.#source !== 'endpoint') return this.#held?.end();
    this.#conclude({ status: this.head?.status ?? 0, how: 'complete', ...this.#quality() });
    this.#handler?.onResponseEnd?.(controller, {});
  }

  primaryFailed(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#source === 'endpoint') return this.#broke(controller, error);
    this.#held = undefined;
    this.#state = 'failed';
    this.#step();
  }

  fallbackAnswered(one: FallbackTry, answer: FallbackAnswer, controller: Dispatcher.DispatchController): void {
    const hop = `; next-hop="${one.backend.authority}"`;
    const said = forwardedHeaders('fallback', {
      endpoints: this.#endpoints,
      forwarded: this.#forwarded(),
      stored: false,
    });
    this.#begin('fallback', answer, [...said, ...this.#trouble(hop)]);
    this.#start(controller);
  }

  fallbackData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler?.onResponseData?.(controller, chunk);
  }

  fallbackEnded(controller: Dispatcher.DispatchController): void {
    this.#conclude({ status: this.head?.status ?? 0, how: 'complete', ...this.#quality() });
    this.#handler?.onResponseEnd?.(controller, {});
  }

  fallbackFailed(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#source === 'fallback') return this.#broke(controller, error);
    this.#fallback = undefined;
    this.#step();
  }

  static late(this: void, self: LadderFlight): void {
    if (self.#state === 'late') self.#waited = true;
    else if (self.#state === 'pending') self.#state = 'late';
    self.#step();
  }

  #sendPrimary(leads: boolean): void {
    const onInterim = (head: AnswerHead): void => {
      if (this.#source === undefined) this.#onInterim(head);
    };
    const request = { exchange: this.exchange, body: this.#body, url: this.#url, leads, onInterim };
    this.#primary = new Primary(request, this.#ladder, this);
    this.#primary.launch(this.#deps as FlightDeps);
  }

  /** The request that this one waited for has its answer, or will not have one that is of use here. */
  #leaderDone(stored: boolean): void {
    this.#unfollow = undefined;
    if (this.#over) return;
    const copy = stored ? this.#copy() : undefined;
    const nowMs = this.#ladder.wallMs();
    if (copy === undefined || copy.staleAtMs <= nowMs) return this.#sendPrimary(false);
    this.#serve(copy, 'endpoint', collapsedHeaders(copy, nowMs));
  }

  #step(): void {
    if (this.#over || this.#source !== undefined || this.#fallback !== undefined) return;
    const { fallbacks, cache } = this.#ladder.policy;
    const copy = this.#hasRungs && this.#state !== 'pending' ? this.#copy() : undefined;
    const trouble = this.#state === 'failed' ? 'failed' : 'late';
    const nowMs = this.#ladder.wallMs();
    const standing = standingOf(copy, nowMs, { trouble, policy: cache });
    const left = { tried: this.#fallbacksTried, all: this.#hasRungs ? fallbacks.length : 0 };
    const step = nextStep({ primary: this.#state, copy: standing, fallbacks: left, waited: this.#waited });
    if (step === 'serve-copy') {
      const source = standing === 'fresh' ? 'cache' : 'stale';
      const said = copyHeaders(copy as Copy, nowMs, {
        source,
        status: this.#held?.head.status,
        endpoints: this.#endpoints,
      });
      this.#serve(copy as Copy, source, [...said, ...this.#trouble()]);
    } else if (step === 'ask-fallback') this.#askFallback();
    else if (step === 'hold-on') this.#holdOn();
    else if (step === 'refuse') this.#refuse();
  }

  #holdOn(): void {
    stopTimer(this.#timer);
    this.#timer = startTimer(this.#ladder.policy.waitMs, LadderFlight.late, this);
  }

  #askFallback(): void {
    const backend = this.#ladder.backends[this.#fallbacksTried];
    this.#fallbacksTried += 1;
    const { head, view } = this.exchange;
    const headers = fallbackHeaders(this.exchange);
    const request = { method: head.method, target: head.target, headers, idleMs: view.service.timeouts.idleMs };
    this.#fallback = backend?.ask(request, this);
  }

  /** The endpoints' own answer, whatever it says. */
  #relay(controller: Dispatcher.DispatchController, head: AnswerHead): void {
    const about = { endpoints: this.#endpoints, forwarded: this.#forwarded(), stored: this.#primary?.keeping === true };
    this.#begin('endpoint', head, forwardedHeaders('endpoint', about));
    this.#start(controller);
  }

  #serve(copy: Copy, source: 'endpoint' | 'cache' | 'stale', said: readonly string[]): void {
    const same = isNotModified(copy, (name) => joinedHeader(this.exchange.head.headers, name));
    const head = same
      ? { status: 304, reason: 'Not Modified', headers: notModifiedHeaders(copy) }
      : { status: copy.status, reason: copy.reason, headers: copy.headers };
    this.#begin(source, head, said);
    const controller = new WholeAnswer();
    this.#start(controller);
    if (!same && this.exchange.head.method !== 'HEAD') this.#handler?.onResponseData?.(controller, copy.body);
    this.#conclude({ status: head.status, how: 'complete', ...this.#quality() });
    this.#handler?.onResponseEnd?.(controller, {});
  }

  #refuse(): void {
    const held = this.#held;
    if (held !== undefined) {
      this.#relay(held.controller, held.head);
      return held.release(this);
    }
    const fault = this.#primary?.flight.fault ?? LATE;
    this.fault = fault;
    this.faultStatus = this.#hasRungs ? FAULT_STATUS['no-candidate'] : undefined;
    this.#source = 'none';
    this.#let('served');
    this.#conclude({ status: this.faultStatus ?? FAULT_STATUS[fault.kind], how: 'complete', ...this.#quality() });
    this.#handler?.onResponseError?.(undefined as never, new Error(fault.cause));
  }

  #broke(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#conclude({ status: this.head?.status ?? 0, how: 'broken', ...this.#quality() });
    this.#handler?.onResponseError?.(controller as never, error);
  }

  #begin(source: Source, head: AnswerHead, said: readonly string[]): void {
    this.#source = source;
    this.head = head;
    this.said = said;
    this.#let('served');
  }

  #start(controller: Dispatcher.DispatchController): void {
    this.#handler?.onRequestStart?.(controller, {});
    this.#handler?.onResponseStart?.(controller, Math.min((this.head as AnswerHead).status, STATUS_TOLD_MAX), {}, '');
  }

  /** Lets go of everything that is under way and is not the answer. */
  #let(why: 'served' | 'client-gone'): void {
    stopTimer(this.#timer);
    this.#unfollow?.();
    this.#unfollow = undefined;
    const gone = why === 'client-gone';
    if (gone || this.#source !== 'fallback') this.#fallback?.cancel();
    if (gone || this.#source !== 'endpoint') this.#primary?.leave(why);
  }

  #conclude(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    const { attempts } = this.exchange;
    const answered = this.#source === undefined || this.#source === 'endpoint' || this.#source === 'none';
    this.#deps?.pipeline.conclude(this.exchange, answered ? attempts.at(-1) : undefined, ending);
  }

  #quality(): Pick<Ending, 'source' | 'quality'> {
    const source = this.#source ?? 'none';
    return this.#hasRungs ? { source, quality: qualityOf(source, this.#endpoints) } : {};
  }

  get #endpoints(): Endpoints {
    return this.#state === 'failed' ? 'failed' : 'well';
  }

  #copy(): Copy | undefined {
    return this.#ladder.find(this.#url, (name) => joinedHeader(this.exchange.head.headers, name));
  }

  #forwarded() {
    return forwardedFor(this.exchange.head.method, this.#ladder.staleAtMs(this.#url), this.#ladder.wallMs());
  }

  #trouble(more = ''): string[] {
    const trouble = this.#held?.head.status ?? this.#primary?.flight.fault ?? LATE;
    return troubleHeaders(this.exchange.pseudonym, trouble, more);
  }
}
