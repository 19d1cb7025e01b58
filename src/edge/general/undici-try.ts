import type { Dispatcher } from 'undici';
import type { ChaosKind } from '../../config/topology-chaos.ts';
import type { Fault } from '../../resilience/fault.ts';
import type { FaultPlan } from '../../table/fault-plan.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import { authorityOf } from '../message/authority.ts';
import { upstreamRequestHeaders } from '../message/headers.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { PerEndpoint } from '../upstream/per-endpoint.ts';
import { faultOf } from '../upstream/undici-fault.ts';
import type { Line, UndiciPool } from '../upstream/undici-pool.ts';
import type { ReplayBody } from './replay-body.ts';
import { standIn } from './undici-stand-in.ts';

/** What the client gets: the endpoint's head as it came, and the trailers once the body has ended. */
export type UpstreamHead = { readonly status: number; readonly reason: string; readonly headers: readonly string[] };

/** Who is told how a try goes. */
export type TryOwner = {
  readonly exchange: Exchange;
  /** The head of an answer; not an interim one. */
  answered(current: UpstreamTry, head: UpstreamHead): void;
  /** An interim answer (1xx) but 100 and 101. */
  interim(head: UpstreamHead): void;
  data(controller: Dispatcher.DispatchController, chunk: Buffer): void;
  complete(attempt: Attempt, trailers: readonly string[], controller: Dispatcher.DispatchController): void;
  failed(attempt: Attempt, fault: Fault): void;
  /** The connection had been used before and was dead already; true when the request may be sent once more. */
  stale(): boolean;
  /** The try has waited its patience; true when the request has gone elsewhere. */
  impatient(attempt: Attempt): boolean;
  /** An experiment's fault has been put into the try. */
  sabotaged(experiment: string, kind: ChaosKind): void;
};

/** One try at one endpoint, from undici's side. Once it is over, whatever undici still reports of it is ignored. */
export class UpstreamTry implements Dispatcher.DispatchHandler {
  readonly attempt: Attempt;
  controller: Dispatcher.DispatchController | undefined;
  readonly #owner: TryOwner;
  #timer: Timer | undefined;
  #pools: PerEndpoint<UndiciPool> | undefined;
  #body: ReplayBody | undefined;
  #line: Line | undefined;
  /** How long an experiment has held it back; that is part of its patience, as a slow endpoint's time would be. */
  #heldMs = 0;
  #holding: Timer | undefined;
  #over = false;

  constructor(owner: TryOwner, attempt: Attempt) {
    this.#owner = owner;
    this.attempt = attempt;
  }

  /** Whether nothing more comes of it. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends it; where experiments say so, later or not at all. */
  launch(pools: PerEndpoint<UndiciPool>, body: ReplayBody | undefined, plan?: FaultPlan): void {
    this.#pools = pools;
    this.#body = body;
    if (plan === undefined || (plan.delayMs === 0 && plan.failure === undefined)) return this.#send('any');
    for (const experiment of plan.delayedBy) this.#owner.sabotaged(experiment, 'latency');
    this.#wait();
    const go = (): void => {
      stopTimer(this.#timer);
      this.#heldMs = plan.delayMs;
      if (plan.failure === undefined) this.#send('any');
      else this.#standIn(plan.failure);
    };
    this.#holding = startTimer(plan.delayMs, go, undefined);
  }

  #send(which: 'any' | 'fresh'): void {
    const { exchange } = this.#owner;
    const { endpoint } = this.attempt;
    const { service } = exchange.view;
    this.#timer = startTimer(service.timeouts.connectMs, UpstreamTry.connectTimedOut, this);
    const { head, requestId, trustedPeer, pseudonym } = exchange;
    try {
      this.#line = this.#pools?.of(service, endpoint).send(
        {
          path: endpoint.url.basePath + head.target,
          method: head.method,
          headers: upstreamRequestHeaders(head, { trustedPeer, requestId, pseudonym }, authorityOf(endpoint.url)),
          body: this.#body?.open() ?? null,
          bodyTimeout: service.timeouts.idleMs,
        },
        this,
        which,
      );
    } catch (error) {
      this.#fail({ kind: 'bad-response', sent: 'nothing', cause: String(error) });
    }
  }

  cancel(): void {
    this.#over = true;
    stopTimer(this.#timer);
    stopTimer(this.#holding);
    this.controller?.abort(new Error('no longer needed'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    stopTimer(this.#timer);
    if (this.#over) controller.abort(new Error('no longer needed'));
    else {
      this.#line?.begun();
      this.#wait();
    }
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, reason?: string): void {
    if (this.#over) return;
    const headers = latin1(controller.rawHeaders);
    const head = { status, reason: reason ?? '', headers };
    if (status < 200) return this.#owner.interim(head);
    stopTimer(this.#timer);
    this.#owner.answered(this, head);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#owner.data(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#over) return;
    this.#over = true;
    this.#owner.complete(this.attempt, latin1(controller.rawTrailers), controller);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return;
    const fault = faultOf(error, this.controller === undefined ? 'nothing' : 'some');
    if (fault.kind !== 'reset' || this.controller === undefined || this.#line?.stale !== true) return this.#fail(fault);
    if (!this.#owner.stale()) return this.#fail({ ...fault, kind: 'stale-connection' });
    stopTimer(this.#timer);
    this.controller = undefined;
    this.#send('fresh');
  }

  /** Starts what is left of the wait for a first byte. */
  #wait(): void {
    const { patienceMs } = this.attempt;
    const { firstByteMs } = this.#owner.exchange.view.service.timeouts;
    if (this.#heldMs < patienceMs) {
      this.#timer = startTimer(patienceMs - this.#heldMs, UpstreamTry.patienceLost, this);
    } else this.#timer = startTimer(firstByteMs - this.#heldMs, UpstreamTry.firstByteTimedOut, this);
  }

  #standIn({ experiment, answer }: NonNullable<FaultPlan['failure']>): void {
    this.#owner.sabotaged(experiment, 'failure');
    const cause = `failed by the experiment ${experiment}`;
    if (answer === 'refused') this.#fail({ kind: 'connect-refused', sent: 'nothing', cause });
    else if (answer === 'reset') this.#fail({ kind: 'reset', sent: 'some', cause });
    else standIn(this, { status: answer, words: cause, method: this.#owner.exchange.head.method });
  }

  static connectTimedOut(this: void, self: UpstreamTry): void {
    self.#fail({ kind: 'connect-timeout', sent: 'nothing', cause: 'no connection in time' });
  }

  /** Looks for another endpoint; where there is none, waits on for the rest of the first-byte limit. */
  static patienceLost(this: void, self: UpstreamTry): void {
    const { attempt } = self;
    const { firstByteMs } = self.#owner.exchange.view.service.timeouts;
    if (attempt.patienceMs >= firstByteMs) UpstreamTry.firstByteTimedOut(self);
    else if (self.#owner.impatient(attempt)) self.cancel();
    else self.#timer = startTimer(firstByteMs - attempt.patienceMs, UpstreamTry.firstByteTimedOut, self);
  }

  static firstByteTimedOut(this: void, self: UpstreamTry): void {
    self.#fail({ kind: 'first-byte-timeout', sent: 'some', cause: 'no answer in time' });
  }

  #fail(fault: Fault): void {
    if (this.#over) return;
    this.cancel();
    this.#owner.failed(this.attempt, fault);
  }
}

function latin1(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((value) => (typeof value === 'string' ? value : value.toString('latin1')));
}
