import type { Dispatcher } from 'undici';
import type { ChaosKind } from '../../config/topology-chaos.ts';
import { type Fault, isFault } from '../../resilience/fault.ts';
import { STATUS_TOLD_MAX } from '../message/answer-line.ts';
import type { Attempt, Ending, Exchange } from '../request/exchange.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { PerEndpoint } from '../upstream/per-endpoint.ts';
import type { UndiciPool } from '../upstream/undici-pool.ts';
import type { Journey } from './journey.ts';
import type { ReplayBody } from './replay-body.ts';
import { PartialAnswer } from './undici-partial.ts';
import { type TryOwner, type UpstreamHead, UpstreamTry } from './undici-try.ts';

export type FlightDeps = {
  readonly pipeline: Pipeline;
  readonly pools: PerEndpoint<UndiciPool>;
  /** Told of bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
};

const NOTHING: readonly string[] = [];

/** One exchange in the air: at most one try at a time. */
export class Flight implements TryOwner, Journey {
  readonly exchange: Exchange;
  readonly #body: ReplayBody | undefined;
  readonly #onInterim: (head: UpstreamHead) => void;
  /** The head of the answer that was delivered. */
  head: UpstreamHead | undefined;
  trailers: readonly string[] = [];
  readonly said: readonly string[] = NOTHING;
  readonly faultStatus = undefined;
  /** What ended the flight without an answer. */
  fault: Fault | undefined;
  #deps: FlightDeps | undefined;
  #handler: Dispatcher.DispatchHandler | undefined;
  #try: UpstreamTry | undefined;
  #over = false;

  constructor(exchange: Exchange, body: ReplayBody | undefined, onInterim: (head: UpstreamHead) => void) {
    this.exchange = exchange;
    this.#body = body;
    this.#onInterim = onInterim;
  }

  get answeredBy(): Attempt | undefined {
    return this.exchange.attempts.at(-1);
  }

  get bodyReplayable(): boolean {
    return this.#body?.replayable ?? true;
  }

  launch(deps: FlightDeps, handler: Dispatcher.DispatchHandler): void {
    this.#deps = deps;
    this.#handler = handler;
    this.#next(deps.pipeline.start(this.exchange));
  }

  /** The client has left, or has all it wanted: whatever is under way is cancelled. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    const current = this.#try;
    current?.cancel();
    if (this.head !== undefined && current !== undefined) {
      this.#deps?.pipeline.ended(this.exchange, current.attempt, 'client-gone');
    } else if (this.fault === undefined) this.#deps?.pipeline.clientGone(this.exchange, current?.attempt);
  }

  /** Its answer is a failure, and the client gets something better: it is broken off, and counts as the failure it is. */
  reject(): void {
    if (this.#over || this.#try === undefined) return;
    this.#try.cancel();
    this.#end(this.#try.attempt, 'complete', undefined);
  }

  failed(attempt: Attempt, fault: Fault): void {
    if (this.#over) return;
    if (this.head === undefined) {
      this.#next(this.#pipeline().failed(this.exchange, attempt, fault, this.bodyReplayable));
      return;
    }
    this.#end(attempt, 'broken', fault);
    this.#handler?.onResponseError?.(this.#try?.controller as never, new UpstreamError(fault));
  }

  stale(): boolean {
    return this.#pipeline().wentStale(this.exchange, this.bodyReplayable);
  }

  impatient(attempt: Attempt): boolean {
    const next = this.#pipeline().impatient(this.exchange, attempt, this.bodyReplayable);
    if (next === undefined) return false;
    this.#next(next);
    return true;
  }

  answered(current: UpstreamTry, head: UpstreamHead): void {
    const next = this.#pipeline().answered(this.exchange, current.attempt, head.status, this.bodyReplayable);
    if (next !== undefined) {
      current.cancel();
      this.#next(next);
      return;
    }
    this.head = head;
    const controller = current.controller as Dispatcher.DispatchController;
    this.#handler?.onRequestStart?.(controller, {});
    this.#handler?.onResponseStart?.(controller, Math.min(head.status, STATUS_TOLD_MAX), {}, '');
  }

  sabotaged(experiment: string, kind: ChaosKind): void {
    this.#pipeline().sabotaged(this.exchange, experiment, kind);
  }

  interim(head: UpstreamHead): void {
    if (!this.#over) this.#onInterim(head);
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
      this.#try = new UpstreamTry(plan?.partial === undefined ? this : new PartialAnswer(this, plan.partial), next);
      this.#try.launch((this.#deps as FlightDeps).pools, this.#body, plan);
      return;
    }
    this.fault = next;
    this.#over = true;
    this.#pipeline().gaveUp(this.exchange, next);
    this.#handler?.onResponseError?.(undefined as never, new UpstreamError(next));
  }

  #pipeline(): Pipeline {
    return (this.#deps as FlightDeps).pipeline;
  }
}

/** An error for the libraries in between; the engine reads the fault from the flight. */
class UpstreamError extends Error {
  readonly code = 'MERIDIAN_UPSTREAM';

  constructor(fault: Fault) {
    super(`${fault.kind} (${fault.cause})`);
  }
}
