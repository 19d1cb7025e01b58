import type { Dispatcher } from 'undici';
import { FAILED_STATUSES } from '../../degraded/ladder.ts';
import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import { type Storing, sendStoring } from '../../degraded/undici-storing.ts';
import type { ReplayBody } from '../general/replay-body.ts';
import { Forwarder, type ForwarderDeps, type OnInterim } from '../general/undici-forwarder.ts';
import type { Exchange } from '../request/exchange.ts';
import type { LadderRequest } from './ladder-request.ts';

/** What the primary calls as the endpoints answer, until its handler leaves it. */
export type PrimaryHandler = {
  primaryAnswered(controller: Dispatcher.DispatchController, status: number): void;
  primaryData(controller: Dispatcher.DispatchController, chunk: Buffer): void;
  primaryEnded(controller: Dispatcher.DispatchController): void;
  /** Before an answer or in the middle of it. */
  primaryFailed(controller: Dispatcher.DispatchController | undefined, error: Error): void;
};

export type PrimaryRequest = {
  readonly exchange: Exchange;
  readonly body: ReplayBody | undefined;
  readonly asks: LadderRequest;
  /** Whether other requests wait for its answer. */
  readonly leads: boolean;
  readonly onInterim: OnInterim;
};

/**
 * The top step: the endpoints, whose answer is kept on its way. When its handler leaves it because the
 * client has been served otherwise, it goes on, in one of a bounded number of places, so that its answer refreshes the copy.
 */
export class Primary implements Dispatcher.DispatchHandler {
  readonly forwarder: Forwarder;
  /** Whether the answer that has begun is being kept. */
  keeping = false;
  readonly #request: PrimaryRequest;
  readonly #ladder: ServiceLadder;
  #handler: PrimaryHandler | undefined;
  #begun = false;
  #failed = false;
  #refreshes = false;
  #leads: boolean;
  #over = false;
  #drop: (() => void) | undefined;

  constructor(request: PrimaryRequest, ladder: ServiceLadder, handler: PrimaryHandler) {
    this.#request = request;
    this.#ladder = ladder;
    this.#handler = handler;
    this.#leads = request.leads;
    this.forwarder = new Forwarder(request.exchange, request.body, request.onInterim);
  }

  launch(deps: ForwarderDeps): void {
    const { exchange, asks } = this.#request;
    this.#ladder.enter();
    const send = (handler: Dispatcher.DispatchHandler): void => this.forwarder.launch(deps, this.#withHead(handler));
    // What may be neither kept nor make a copy untrue has no business with a cache.
    if (!asks.isKept && SAFE.has(exchange.head.method)) send(this);
    else this.#drop = sendStoring(this.#storing(), send, this);
  }

  #storing(): Storing {
    const { exchange, asks } = this.#request;
    const ladder = this.#ladder;
    const { mark } = ladder;
    return {
      method: exchange.head.method,
      origin: asks.origin,
      path: exchange.head.target,
      asked: asks.asked,
      header: asks.header,
      traits: asks.traits,
      alsoVary: asks.alsoVary,
      policy: ladder.cache,
      wallMs: () => ladder.wallMs(),
      // What an experiment has touched is not what the endpoint said.
      takesCopies: () => exchange.chaos === '' && ladder.takesCopies,
      keeping: (explicit) => this.#keeping(explicit),
      keep: (copy) => {
        const kept = exchange.chaos === '' && ladder.keep(asks.url, copy, mark);
        this.#settle(kept ? 'stored' : 'released');
      },
      reserve: (bytes) => ladder.reserve(bytes),
      release: (bytes) => ladder.release(bytes),
      tooLarge: () => this.#notKept(),
      changed: (url) => void ladder.forget({ url }),
    };
  }

  /** The client is served, or gone: nobody waits for the answer any more, except the cache and those who follow. */
  leave(why: 'served' | 'client-gone'): void {
    this.#handler = undefined;
    if (this.#over) return;
    const awaited = this.#leads && this.#ladder.misses.awaited(this.#request.asks.url);
    const useless = this.#begun ? !this.keeping : !this.#request.asks.isKept;
    if (!useless && (awaited || (why === 'served' && this.#ladder.beginRefresh(this.#request.asks.url)))) {
      this.#refreshes = !awaited;
      return;
    }
    this.#abandon();
  }

  onRequestStart(): void {}

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#begun = true;
    this.#failed = FAILED_STATUSES.has(status);
    if (!this.keeping) this.#settle('unshared');
    if (this.#handler !== undefined) this.#handler.primaryAnswered(controller, status);
    else if (!this.keeping) this.#abandon();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler?.primaryData(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#finish();
    this.#handler?.primaryEnded(controller);
  }

  onResponseError(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#finish();
    this.#settle('released');
    this.#handler?.primaryFailed(controller, error);
  }

  #keeping(explicit: boolean): void {
    this.keeping = true;
    // An answer whose origin says nothing may serve in need, but nobody said that it is for everybody who asks now.
    if (explicit) this.#ladder.misses.sharing(this.#request.asks.url, true);
    else this.#settle('unshared');
  }

  #notKept(): void {
    this.keeping = false;
    this.#settle('unshared');
    if (this.#handler === undefined) this.#abandon();
  }

  #abandon(): void {
    this.#finish();
    this.#settle('released');
    this.#drop?.();
    if (this.#failed) this.forwarder.reject();
    else this.forwarder.abandon();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#refreshes) this.#ladder.endRefresh(this.#request.asks.url);
    this.#refreshes = false;
    this.#ladder.leave();
  }

  /** Tells those who wait, once, and remembers whether waiting is of any use for this URL. */
  #settle(outcome: 'stored' | 'released' | 'unshared'): void {
    if (!this.#leads) return;
    this.#leads = false;
    const { misses } = this.#ladder;
    if (outcome === 'unshared') misses.sharing(this.#request.asks.url, false);
    misses.settle(this.#request.asks.url, outcome === 'stored' ? 'stored' : 'released');
  }

  /** Gives the handler the head as it came, which undici's own shape of headers has lost. */
  #withHead(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, _, reason) =>
        handler.onResponseStart?.(controller, status, (this.forwarder.head?.headers ?? []) as never, reason),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    };
  }
}

/** Methods that change nothing, as the library beneath has them. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
