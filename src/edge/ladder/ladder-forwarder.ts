import type { Copy } from '../../degraded/copy.ts';
import { freshnessOf, isFresh, servesAlone } from '../../degraded/freshness.ts';
import { FAILED_STATUSES, nextStep, type Situation } from '../../degraded/ladder.ts';
import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import { collapsedHeaders, copyHeaders, forwardedFor, forwardedHeaders } from '../../degraded/step-headers.ts';
import type { FallbackAnswer, FallbackAttempt, FallbackHandler } from '../../degraded/undici-fallback.ts';
import { FAULT_STATUS, type Fault } from '../../resilience/fault.ts';
import { type Endpoints, qualityOf, type Source } from '../../table/quality.ts';
import type { ForwarderDeps } from '../general/forwarder.ts';
import { HeldAnswer } from '../general/held-answer.ts';
import type { ReplayBody } from '../general/replay-body.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import type { Attempt, Ending, Exchange } from '../request/exchange.ts';
import type { AnswerHandler, Flow, Forwarding, OnInterim } from '../request/forwarding.ts';
import { copyAnswer, NOT_CACHED, WHOLE, type WholeReply } from './copy-answer.ts';
import { FallbackSteps, NONE_LEFT } from './fallback-steps.ts';
import { LadderClock } from './ladder-clock.ts';
import { keepsStatus, LATE, type LadderRequest, ladderRequest, proxyStatusHeaders } from './ladder-request.ts';
import { Primary, type PrimaryHandler } from './undici-primary.ts';

/**
 * A request of a service with a degraded ladder: it goes down step by step, as `nextStep` says, until one answers. The
 * first that does is the client's answer; whatever else is under way then is let go. Only GET and HEAD have steps; what
 * other methods need of it is that a change drops the copies of what it changed.
 */
export class LadderForwarder implements Forwarding, PrimaryHandler, FallbackHandler {
  readonly exchange: Exchange;
  head: AnswerHead | undefined;
  added: readonly string[] = [];
  fault: Fault | undefined;
  faultStatus: number | undefined;
  readonly #ladder: ServiceLadder;
  readonly #asks: LadderRequest;
  readonly #fallbacks: FallbackSteps;
  readonly #body: ReplayBody | undefined;
  readonly #onInterim: OnInterim;
  #deps: ForwarderDeps | undefined;
  #handler: AnswerHandler | undefined;
  #primary: Primary | undefined;
  #state: Situation['primary'] = 'pending';
  /** The status of an answer of the endpoints that is a failure. */
  #failedStatus: number | undefined;
  #held: HeldAnswer | undefined;
  #waited = false;
  #source: Source | undefined;
  readonly #clock: LadderClock;
  #unfollow: (() => void) | undefined;
  #over = false;
  #lookedUp: Ending['copy'];

  constructor(exchange: Exchange, ladder: ServiceLadder, body: ReplayBody | undefined, onInterim: OnInterim) {
    this.exchange = exchange;
    this.#ladder = ladder;
    this.#body = body;
    this.#onInterim = onInterim;
    this.#asks = ladderRequest(exchange, ladder.policy.cache);
    this.#fallbacks = new FallbackSteps(ladder, this.#asks, exchange.fence);
    this.#clock = new LadderClock(exchange, () => this.#late());
    ladder.enter();
  }

  get answeredBy(): Attempt | undefined {
    return this.#source === 'endpoint' ? this.#primary?.forwarder.answeredBy : undefined;
  }

  get trailers(): readonly string[] {
    return this.#source === 'endpoint' ? (this.#primary?.forwarder.trailers ?? []) : [];
  }

  launch(deps: ForwarderDeps, handler: AnswerHandler): void {
    this.#deps = deps;
    this.#clock.deadlines = deps.deadlines;
    this.#handler = handler;
    deps.pipeline.postpone(this.exchange);
    const { method } = this.exchange.head;
    if (this.#asks.wishes.onlyIfCached && (method === 'GET' || method === 'HEAD')) return this.#onlyFromCache();
    if (this.#asks.hasSteps) this.#clock.wait(this.#ladder.policy.primaryMs);
    const { misses } = this.#ladder;
    if (!this.#asks.isShareable) return this.#sendPrimary(false);
    const { sharedAs } = this.#asks;
    const leads = misses.lead(sharedAs);
    if (!leads) this.#unfollow = misses.follow(sharedAs, (outcome) => this.#leaderDone(outcome === 'stored'));
    if (this.#unfollow === undefined) this.#sendPrimary(leads);
  }

  abandon(): void {
    if (this.#over) return;
    this.#let('client-gone');
    this.#conclude({ status: 499, how: 'client-gone' });
  }

  primaryAnswered(flow: Flow, status: number): void {
    const head = this.#primary?.forwarder.head as AnswerHead;
    if (this.#asks.hasSteps && FAILED_STATUSES.has(status)) {
      this.#state = 'failed';
      this.#failedStatus = status;
      this.#held = new HeldAnswer(flow, head, this.#ladder.passing);
      return this.#step();
    }
    this.#relay(flow, head);
  }

  primaryData(flow: Flow, chunk: Buffer): void {
    if (this.#source === 'endpoint') this.#handler?.answerData(flow, chunk);
    else if (this.#held?.data(chunk) === false) this.#primary?.leave('served');
  }

  primaryEnded(flow: Flow): void {
    if (this.#source !== 'endpoint') return this.#held?.end();
    this.#ended(flow);
  }

  primaryFailed(): void {
    if (this.#source === 'endpoint') return this.#broke();
    this.#held?.drop();
    this.#state = 'failed';
    this.#step();
  }

  fallbackAnswered(one: FallbackAttempt, said: FallbackAnswer, flow: Flow): void {
    const answer = this.#fallbacks.headOf(one, this.exchange, said);
    const about = { endpoints: this.#endpoints, forwarded: this.#forwarded(), stored: false };
    const proxyStatus = this.#proxyStatus(this.#fallbacks.nextHop(one));
    this.#begin('fallback', answer, [...forwardedHeaders('fallback', about), ...proxyStatus]);
    this.#handler?.answerBegun(flow);
  }

  fallbackData(flow: Flow, chunk: Buffer): void {
    this.#handler?.answerData(flow, chunk);
  }

  fallbackEnded(flow: Flow): void {
    this.#ended(flow);
  }

  fallbackFailed(): void {
    if (this.#source === 'fallback') return this.#broke();
    this.#fallbacks.failed();
    this.#step();
  }

  #late(): void {
    if (this.#state === 'late') this.#waited = true;
    else if (this.#state === 'pending') this.#state = 'late';
    if (this.#clock.isOver) this.#fallbacks.giveUp();
    this.#step();
  }

  #sendPrimary(leads: boolean): void {
    const onInterim: OnInterim = (head) => {
      if (this.#source === undefined) this.#onInterim(head);
    };
    const request = { exchange: this.exchange, body: this.#body, asks: this.#asks, leads, onInterim };
    this.#primary = new Primary(request, this.#ladder, this);
    this.#primary.launch(this.#deps as ForwarderDeps);
  }

  /** The request that this one waited for has its answer, or will not have one that is of use here. */
  #leaderDone(stored: boolean): void {
    this.#unfollow = undefined;
    if (this.#over) return;
    const copy = stored ? this.#copy() : undefined;
    const nowMs = this.#ladder.wallMs();
    if (copy === undefined || !isFresh(copy, nowMs)) return this.#sendPrimary(false);
    this.#hand(copyAnswer(copy, this.#asks.header), 'endpoint', collapsedHeaders(copy, nowMs));
  }

  #step(): void {
    if (this.#over || this.#source !== undefined || this.#fallbacks.asking) return;
    const { cache } = this.#ladder.policy;
    const copy = this.#asks.hasSteps && this.#state !== 'pending' ? this.#copy() : undefined;
    const primary = this.#state === 'failed' ? 'failed' : 'late';
    const nowMs = this.#ladder.wallMs();
    const freshness = freshnessOf(copy, nowMs, { primary, policy: cache, wishes: this.#asks.wishes });
    const over = this.#clock.isOver;
    const fallbacks = over ? NONE_LEFT : this.#fallbacks.left;
    const step = nextStep({ primary: this.#state, copy: freshness, fallbacks, waited: this.#waited || over });
    if (step === 'serve-copy') this.#serveCopy(copy as Copy, nowMs, this.#proxyStatus());
    else if (step === 'ask-fallback') this.#askFallback();
    else if (step === 'hold-on') this.#clock.wait(this.#ladder.policy.waitMs);
    else if (step === 'refuse') this.#refuse();
  }

  /** Its client wants a copy or nothing: nobody is asked. */
  #onlyFromCache(): void {
    const { wishes, hasSteps } = this.#asks;
    const nowMs = this.#ladder.wallMs();
    const copy = hasSteps ? this.#copy() : undefined;
    if (copy !== undefined && servesAlone(copy, wishes, nowMs)) return this.#serveCopy(copy, nowMs, []);
    this.#hand(NOT_CACHED, 'none', [], true);
  }

  #serveCopy(copy: Copy, nowMs: number, more: readonly string[]): void {
    const source = isFresh(copy, nowMs) ? 'cache' : 'stale';
    const about = { source, status: this.#failedStatus, endpoints: this.#endpoints } as const;
    this.#hand(copyAnswer(copy, this.#asks.header), source, [...copyHeaders(copy, nowMs, about), ...more]);
  }

  #askFallback(): void {
    this.#clock.waitForEnd();
    this.#fallbacks.ask(this.exchange, this);
  }

  /** The endpoints' own answer, whatever it says. */
  #relay(flow: Flow, head: AnswerHead): void {
    const about = { endpoints: this.#endpoints, forwarded: this.#forwarded(), stored: this.#primary?.keeping === true };
    this.#begin('endpoint', head, forwardedHeaders('endpoint', about));
    this.#handler?.answerBegun(flow);
  }

  /** Hands on an answer that is here as a whole. */
  #hand({ head, body }: WholeReply, source: Source, added: readonly string[], wished = false): void {
    if (source !== 'none') this.#lookedUp = 'hit';
    this.#begin(source, head, added);
    this.#handler?.answerBegun(WHOLE);
    if (body.length > 0 && this.exchange.head.method !== 'HEAD') this.#handler?.answerData(WHOLE, body);
    this.#ended(WHOLE, wished ? { wished } : this.#quality());
  }

  #ended(flow: Flow, about: Partial<Ending> = this.#quality()): void {
    this.#conclude({ status: this.head?.status ?? 0, how: 'complete', ...about });
    this.#handler?.answerEnded(flow);
  }

  #refuse(): void {
    const held = this.#held;
    if (held?.dropped === false) {
      this.#relay(held.flow, held.head);
      return held.release(this);
    }
    const fault = this.#primary?.forwarder.fault ?? LATE;
    this.fault = fault;
    this.faultStatus = this.#asks.hasSteps && !keepsStatus(fault) ? FAULT_STATUS['no-candidate'] : undefined;
    this.#source = 'none';
    this.#let('served');
    this.#conclude({ status: this.faultStatus ?? FAULT_STATUS[fault.kind], how: 'complete', ...this.#quality() });
    this.#handler?.answerFailed();
  }

  #broke(): void {
    this.#conclude({ status: this.head?.status ?? 0, how: 'broken', ...this.#quality() });
    this.#handler?.answerFailed();
  }

  #begin(source: Source, head: AnswerHead, added: readonly string[]): void {
    this.#source = source;
    this.head = head;
    this.added = added;
    this.#let('served');
  }

  /** Lets go of everything that is under way and is not the answer. */
  #let(why: 'served' | 'client-gone'): void {
    this.#clock.stop();
    this.#unfollow?.();
    this.#unfollow = undefined;
    const gone = why === 'client-gone';
    if (gone || this.#source !== 'fallback') this.#fallbacks.cancel();
    if (gone || this.#source !== 'endpoint') {
      this.#held?.drop();
      this.#deps?.pipeline.unhurried(this.exchange);
      this.#primary?.leave(why);
    }
  }

  #conclude(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    this.#ladder.leave();
    const asked = [undefined, 'endpoint', 'none'].includes(this.#source);
    const by = asked ? this.#primary?.forwarder.answeredBy : undefined;
    this.#deps?.pipeline.conclude(this.exchange, by, { ...ending, copy: this.#lookedUp });
  }

  #quality(): Pick<Ending, 'source' | 'quality'> {
    const source = this.#source ?? 'none';
    return this.#asks.hasSteps ? { source, quality: qualityOf(source, this.#endpoints) } : {};
  }

  get #endpoints(): Endpoints {
    return this.#state === 'failed' ? 'failed' : 'well';
  }

  #copy(): Copy | undefined {
    this.#lookedUp ??= 'miss';
    return this.#ladder.find(this.#asks.url, this.#asks.header);
  }

  #forwarded() {
    return forwardedFor(this.exchange.head.method, this.#ladder.staleAtMs(this.#asks.url), this.#ladder.wallMs());
  }

  /** What was wrong with the endpoints, for the answer that came from elsewhere. */
  #proxyStatus(more = ''): string[] {
    const failure = this.#failedStatus ?? this.#primary?.forwarder.fault ?? LATE;
    return proxyStatusHeaders(this.exchange.pseudonym, failure, more);
  }
}
