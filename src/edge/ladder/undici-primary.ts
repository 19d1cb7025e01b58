import type { Dispatcher } from 'undici';
import { FAILED_STATUSES } from '../../degraded/ladder.ts';
import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import { type Storing, sendStoring } from '../../degraded/undici-storing.ts';
import { Forwarder, type ForwarderDeps } from '../general/forwarder.ts';
import type { ReplayBody } from '../general/replay-body.ts';
import type { Exchange } from '../request/exchange.ts';
import type { AnswerHandler, Flow, OnInterim } from '../request/forwarding.ts';
import type { LadderRequest } from './ladder-request.ts';

/** What the primary calls as the endpoints answer, until its handler leaves it. */
export type PrimaryHandler = {
  primaryAnswered(flow: Flow, status: number): void;
  primaryData(flow: Flow, chunk: Buffer): void;
  primaryEnded(flow: Flow): void;
  /** Before an answer or in the middle of it. */
  primaryFailed(): void;
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
export class Primary implements AnswerHandler {
  readonly forwarder: Forwarder;
  /** Whether the answer that has begun is being kept. */
  keeping = false;
  readonly takesLent = false;
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
    // What may be neither kept nor make a copy untrue has no business with a cache.
    if (!asks.isKept && SAFE.has(exchange.head.method)) return this.forwarder.launch(deps, this);
    const send = (handler: Dispatcher.DispatchHandler) => {
      this.forwarder.launch(deps, new StoringHandler(this.forwarder, handler));
    };
    this.#drop = sendStoring(this.#storing(), send, behindStoring(this));
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
      passing: ladder.passing,
      tooLarge: () => this.#notKept(),
      changed: (url) => void ladder.forget({ url }),
    };
  }

  /** The client is served, or gone: nobody waits for the answer any more, except the cache and those who follow. */
  leave(why: 'served' | 'client-gone'): void {
    this.#handler = undefined;
    if (this.#over) return;
    const awaited = this.#leads && this.#ladder.misses.awaited(this.#request.asks.sharedAs);
    const useless = this.#begun ? !this.keeping : !this.#request.asks.isKept;
    if (!useless && (awaited || (why === 'served' && this.#ladder.beginRefresh(this.#request.asks.url)))) {
      this.#refreshes = !awaited;
      // They may leave too, and then an answer that never ends would be read for nobody.
      if (awaited) this.#ladder.misses.leaveToFollowers(this.#request.asks.sharedAs, () => this.leave(why));
      return;
    }
    this.#abandon();
  }

  answerBegun(flow: Flow): void {
    const status = this.forwarder.head?.status ?? 0;
    this.#begun = true;
    this.#failed = FAILED_STATUSES.has(status);
    if (!this.keeping) this.#settle('unshared');
    if (this.#handler !== undefined) this.#handler.primaryAnswered(flow, status);
    else if (!this.keeping) this.#abandon();
  }

  answerData(flow: Flow, chunk: Buffer): boolean {
    this.#handler?.primaryData(flow, chunk);
    return false;
  }

  answerEnded(flow: Flow): void {
    this.#finish();
    this.#handler?.primaryEnded(flow);
  }

  answerFailed(): void {
    this.#finish();
    this.#settle('released');
    this.#handler?.primaryFailed();
  }

  #keeping(explicit: boolean): void {
    this.keeping = true;
    // An answer whose origin says nothing may serve in need, but nobody said that it is for everybody who asks now.
    if (explicit) this.#ladder.misses.sharing(this.#request.asks.sharedAs, true);
    else this.#settle('unshared');
    if (this.#handler === undefined && !this.#leads && !this.#refreshes) this.#abandon();
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
    if (outcome === 'unshared') misses.sharing(this.#request.asks.sharedAs, false);
    misses.settle(this.#request.asks.sharedAs, outcome === 'stored' ? 'stored' : 'released');
  }
}

/** Tells undici's cache of an answer, in undici's words, but for the headers, which it gets as they came. */
class StoringHandler implements AnswerHandler {
  readonly takesLent = false;
  readonly #forwarder: Forwarder;
  readonly #handler: Dispatcher.DispatchHandler;
  #controller: FlowController | undefined;

  constructor(forwarder: Forwarder, handler: Dispatcher.DispatchHandler) {
    this.#forwarder = forwarder;
    this.#handler = handler;
  }

  answerBegun(flow: Flow): void {
    const { status = 0, reason = '', headers = [] } = this.#forwarder.head ?? {};
    const controller = new FlowController(flow);
    this.#controller = controller;
    this.#handler.onRequestStart?.(controller, {});
    this.#handler.onResponseStart?.(controller, status, headers as never, reason);
  }

  answerData(_: Flow, chunk: Buffer): boolean {
    this.#handler.onResponseData?.(this.#controller as FlowController, chunk);
    return false;
  }

  answerEnded(): void {
    this.#handler.onResponseEnd?.(this.#controller as FlowController, {});
  }

  answerFailed(): void {
    this.#handler.onResponseError?.(this.#controller as never, new Error('no answer, or no more of it'));
  }
}

/** What the cache passes on. */
function behindStoring(primary: Primary): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => {},
    onResponseStart: (controller) => primary.answerBegun(controller),
    onResponseData: (controller, chunk) => void primary.answerData(controller, chunk),
    onResponseEnd: (controller) => primary.answerEnded(controller),
    onResponseError: () => primary.answerFailed(),
  };
}

/** Where an answer comes from, as undici knows it; nothing is aborted here, whose answer it is says when it ends. */
class FlowController implements Dispatcher.DispatchController {
  readonly rawHeaders: string[] = [];
  readonly rawTrailers: string[] = [];
  paused = false;
  aborted = false;
  reason: Error | null = null;
  readonly #flow: Flow;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
  }

  pause(): void {
    this.paused = true;
    this.#flow.pause();
  }

  resume(): void {
    this.paused = false;
    this.#flow.resume();
  }
}

/** Methods that change nothing, as the library beneath has them. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
