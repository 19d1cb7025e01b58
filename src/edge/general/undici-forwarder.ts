import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { ChaosKind } from '../../config/topology-chaos.ts';
import { type Fault, isFault } from '../../resilience/fault.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { isOverloadIn } from '../message/overload.ts';
import type { Attempt, Ending, Exchange } from '../request/exchange.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { OnSwitch } from '../request/switched.ts';
import type { Forwarding } from './forwarding.ts';
import type { ReplayBody } from './replay-body.ts';
import { type AttemptDeps, type AttemptHandler, UndiciAttempt } from './undici-attempt.ts';
import { PartialAnswer } from './undici-partial.ts';

export type ForwarderDeps = AttemptDeps & {
  readonly pipeline: Pipeline;
  /** Called with the bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
};

const NOTHING: readonly string[] = [];

/** Called with an interim answer (1xx), except 101. */
export type OnInterim = (head: AnswerHead) => void;

/** Forwards one exchange to endpoints: one attempt at a time, and beside it those whose patience has expired, which race on. */
export class Forwarder implements AttemptHandler, Forwarding {
  readonly exchange: Exchange;
  readonly #body: ReplayBody | undefined;
  readonly #onInterim: OnInterim;
  /** Set for a request that asks for an upgrade. */
  onSwitch: OnSwitch | undefined;
  /** The head of the answer that was delivered. */
  head: AnswerHead | undefined;
  trailers: readonly string[] = [];
  readonly added: readonly string[] = NOTHING;
  readonly faultStatus = undefined;
  /** What ended the exchange without an answer. */
  fault: Fault | undefined;
  #deps: ForwarderDeps | undefined;
  #handler: Dispatcher.DispatchHandler | undefined;
  /** The attempts that are under way; once an answer is delivered, only its own. */
  #attempts: readonly UndiciAttempt[] = [];
  #over = false;

  constructor(exchange: Exchange, body: ReplayBody | undefined, onInterim: OnInterim) {
    this.exchange = exchange;
    this.#body = body;
    this.#onInterim = onInterim;
  }

  get answeredBy(): Attempt | undefined {
    return this.head === undefined ? this.exchange.attempts.at(-1) : this.#attempts[0]?.attempt;
  }

  get bodyReplayable(): boolean {
    return this.#body?.replayable ?? true;
  }

  launch(deps: ForwarderDeps, handler: Dispatcher.DispatchHandler): void {
    this.#deps = deps;
    this.#handler = handler;
    this.#next(deps.pipeline.start(this.exchange));
  }

  /** The client has left, or has all it wanted: whatever is under way is cancelled. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    for (const one of this.#attempts) one.cancel();
    const attempt = this.#attempts.at(-1)?.attempt;
    if (this.head !== undefined && attempt !== undefined) {
      this.#deps?.pipeline.ended(this.exchange, attempt, 'client-gone');
    } else if (this.fault === undefined) this.#deps?.pipeline.clientGone(this.exchange, attempt);
  }

  /** Its answer is a failure, and the client gets something better: it is broken off, and counts as the failure it is. */
  reject(): void {
    const [answering] = this.#attempts;
    if (this.#over || answering === undefined) return;
    answering.cancel();
    this.#end(answering.attempt, 'complete', undefined);
  }

  failed(attempt: Attempt, fault: Fault): void {
    if (this.#over) return;
    if (this.head === undefined) {
      const next = this.#pipeline().failed(this.exchange, attempt, fault, this.bodyReplayable);
      this.#attempts = this.#attempts.filter((one) => one.attempt !== attempt);
      // Another one may still answer.
      if (!isFault(next) || this.#attempts.length === 0) this.#next(next);
      return;
    }
    this.#end(attempt, 'broken', fault);
    this.#handler?.onResponseError?.(this.#attempts[0]?.controller as never, new UpstreamError(fault));
  }

  stale(): boolean {
    return this.#pipeline().wentStale(this.exchange, this.bodyReplayable);
  }

  patienceExpired(attempt: Attempt): void {
    const next = this.#pipeline().patienceExpired(this.exchange, attempt, this.bodyReplayable);
    if (next !== undefined) this.#next(next);
  }

  answered(current: UndiciAttempt, head: AnswerHead): void {
    if (isOverloadIn(head.status, head.headers)) this.#pipeline().overloaded(current.attempt);
    const next = this.#pipeline().answered(this.exchange, current.attempt, head.status, this.bodyReplayable);
    if (next !== undefined) {
      current.cancel();
      this.#attempts = this.#attempts.filter((one) => one !== current);
      this.#next(next);
      return;
    }
    for (const one of this.#attempts) if (one !== current) one.cancel();
    this.#attempts = [current];
    this.head = head;
    const controller = current.controller as Dispatcher.DispatchController;
    this.#handler?.onRequestStart?.(controller, {});
    this.#handler?.onResponseStart?.(controller, head.status, {}, '');
  }

  clientStalled(): void {
    this.abandon();
    this.#body?.giveUp();
  }

  sabotaged(experiment: string, kind: ChaosKind): void {
    this.#pipeline().sabotaged(this.exchange, experiment, kind);
  }

  interim(head: AnswerHead): void {
    if (!this.#over) this.#onInterim(head);
  }

  /** The endpoint has switched protocols: the request has ended, and a stream begins. */
  upgraded(current: UndiciAttempt, head: AnswerHead, socket: Socket): void {
    if (this.#over || this.onSwitch === undefined) return void socket.destroy();
    this.#over = true;
    for (const one of this.#attempts) if (one !== current) one.cancel();
    const { attempt } = current;
    this.#pipeline().answered(this.exchange, attempt, head.status, false);
    const { exchange } = this;
    this.onSwitch({ exchange, head, socket, release: this.#pipeline().upgraded(exchange, attempt) });
  }

  data(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#deps?.passed(chunk.length);
    this.#handler?.onResponseData?.(controller, chunk);
  }

  complete(attempt: Attempt, trailers: readonly string[], controller: Dispatcher.DispatchController): void {
    this.trailers = trailers;
    this.#end(attempt, 'complete', undefined);
    this.#handler?.onResponseEnd?.(controller, {});
  }

  #end(attempt: Attempt, how: Ending['how'], fault: Fault | undefined): void {
    this.#over = true;
    this.#pipeline().ended(this.exchange, attempt, how, fault);
  }

  #next(next: Attempt | Fault): void {
    if (!isFault(next)) {
      const plan = this.#pipeline().sabotage(this.exchange, next);
      const one = new UndiciAttempt(plan?.partial === undefined ? this : new PartialAnswer(this, plan.partial), next);
      this.#attempts = [...this.#attempts, one];
      one.launch(this.#deps as ForwarderDeps, this.#body, plan);
      return;
    }
    this.fault = next;
    this.#over = true;
    this.#pipeline().gaveUp(this.exchange, next);
    this.#handler?.onResponseError?.(undefined as never, new UpstreamError(next));
  }

  #pipeline(): Pipeline {
    return (this.#deps as ForwarderDeps).pipeline;
  }
}

/** An error for the libraries in between; the engine reads the fault from the forwarder. */
class UpstreamError extends Error {
  readonly code = 'MERIDIAN_UPSTREAM';

  constructor(fault: Fault) {
    super(`${fault.kind} (${fault.cause})`);
  }
}
