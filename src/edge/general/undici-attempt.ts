import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { authorityOf } from '../../config/authority.ts';
import type { ChaosKind } from '../../config/topology-chaos.ts';
import type { Fault } from '../../resilience/fault.ts';
import type { FaultPlan } from '../../table/fault-plan.ts';
import { restartTimer, startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { upstreamRequestHeaders } from '../message/headers.ts';
import { headerOf } from '../message/request-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { Pipeline } from '../request/pipeline.ts';
import { HIDDEN_CONTINUE } from '../upstream/answer-guard.ts';
import type { Dialer } from '../upstream/dialer.ts';
import type { PerEndpoint } from '../upstream/per-endpoint.ts';
import { type DirectHandler, sendDirect } from '../upstream/undici-direct.ts';
import { faultOf } from '../upstream/undici-fault.ts';
import type { Line, UndiciPool } from '../upstream/undici-pool.ts';
import type { ReplayBody } from './replay-body.ts';
import { standIn } from './undici-stand-in.ts';

/** What an attempt calls as it goes on. */
export type AttemptHandler = {
  readonly exchange: Exchange;
  /** The head of an answer; not an interim one. */
  answered(current: UndiciAttempt, head: AnswerHead): void;
  /** An interim answer (1xx) but 101. */
  interim(head: AnswerHead): void;
  /** The endpoint has switched protocols, on this socket. */
  upgraded(current: UndiciAttempt, head: AnswerHead, socket: Socket): void;
  data(controller: Dispatcher.DispatchController, chunk: Buffer): void;
  complete(attempt: Attempt, trailers: readonly string[], controller: Dispatcher.DispatchController): void;
  failed(attempt: Attempt, fault: Fault): void;
  /** The connection had been used before and was dead already; true when the request may be sent once more. */
  stale(): boolean;
  /** No answer within the attempt's patience; the attempt goes on, whatever comes of that. */
  patienceExpired(attempt: Attempt): void;
  /** The client sends no more of its request. */
  clientStalled(): void;
  /** An experiment has put a fault into the attempt. */
  sabotaged(experiment: string, kind: ChaosKind): void;
};

/** How requests get out, and the pipeline, which is to know when they have. */
export type AttemptDeps = {
  readonly pools: PerEndpoint<UndiciPool>;
  readonly dialers: PerEndpoint<Dialer>;
  readonly pipeline: Pick<Pipeline, 'uploading' | 'sent'>;
};

/**
 * One attempt at one endpoint, from undici's side. Once it is over, whatever undici still reports of it is ignored.
 *
 * Where there is a body, its time for a first byte begins when all of it has been sent. Until then, and while an answer comes
 * to a request that is still being sent, something has to move within `idle`, in either direction.
 */
export class UndiciAttempt implements DirectHandler {
  readonly attempt: Attempt;
  controller: Dispatcher.DispatchController | undefined;
  readonly #handler: AttemptHandler;
  #timer: Timer | undefined;
  #line: Line | undefined;
  #cancelDirect: (() => void) | undefined;
  /** How long an experiment has held the attempt back; that is part of its patience, as a slow endpoint's time would be. */
  #heldMs = 0;
  #holding: Timer | undefined;
  #deps: AttemptDeps | undefined;
  /** Undefined where there is none. */
  #body: ReplayBody | undefined;
  #phase: 'connecting' | 'uploading' | 'waiting' | 'answering' = 'connecting';
  #over = false;

  constructor(handler: AttemptHandler, attempt: Attempt) {
    this.#handler = handler;
    this.attempt = attempt;
  }

  /** Whether nothing more comes of it. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends it; where experiments say so, later or not at all. */
  launch(deps: AttemptDeps, body: ReplayBody | undefined, plan?: FaultPlan): void {
    this.#deps = deps;
    this.#body = body;
    if (plan === undefined || (plan.delayMs === 0 && plan.failure === undefined)) return this.#send('any');
    for (const experiment of plan.delayedBy) this.#handler.sabotaged(experiment, 'latency');
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
    const { exchange } = this.#handler;
    const { endpoint } = this.attempt;
    const { service } = exchange.view;
    const { head, requestId, trustedPeer, pseudonym } = exchange;
    const { upgrade, expectsContinue = false } = head;
    const about = { trustedPeer, requestId, pseudonym };
    const headers = upstreamRequestHeaders(head, about, authorityOf(endpoint.url));
    const call = {
      path: endpoint.url.basePath + head.target,
      method: head.method,
      headers,
      body: this.#body?.open() ?? null,
      // One with a body may have an answer that waits for the rest of it: that is timed here.
      bodyTimeout: this.#body === undefined ? service.timeouts.idleMs : 0,
    };
    try {
      const { pools, dialers } = this.#deps as AttemptDeps;
      if (upgrade === undefined && !expectsContinue) {
        const pool = pools.of(service, endpoint);
        const line = pool.take(which);
        this.#line = line;
        // On one that is connected it goes out in this turn; if it is found to be dead by then, its pool keeps the time.
        if (!line.connected) this.#waitForConnection();
        return pool.send(line, call, this);
      }
      this.#waitForConnection();
      if (upgrade !== undefined) headers.push('Connection', 'Upgrade', 'Upgrade', upgrade);
      if (expectsContinue) headers.push('Expect', '100-continue', ...framingOf(head.headers));
      this.#cancelDirect = sendDirect(dialers.of(service, endpoint), { ...call, expects: expectsContinue }, this);
    } catch (error) {
      this.#fail({ kind: 'bad-response', sent: 'nothing', cause: String(error) });
    }
  }

  #waitForConnection(): void {
    const { connectMs } = this.#handler.exchange.view.service.timeouts;
    this.#timer = startTimer(connectMs, UndiciAttempt.connectTimedOut, this);
  }

  cancel(): void {
    this.#over = true;
    stopTimer(this.#timer);
    stopTimer(this.#holding);
    this.#cancelDirect?.();
    this.controller?.abort(new Error('no longer needed'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    stopTimer(this.#timer);
    if (this.#over) return controller.abort(new Error('no longer needed'));
    this.#line?.begun();
    if (this.#body === undefined) return this.#wholeSent();
    this.#phase = 'uploading';
    this.#deps?.pipeline.uploading(this.attempt);
    this.#timer = startTimer(this.#idleMs, UndiciAttempt.nothingMoved, this);
  }

  onBodySent(): void {
    if (this.#phase === 'uploading' || this.#phase === 'answering') restartTimer(this.#timer);
  }

  onRequestSent(): void {
    if (this.#over || this.#phase !== 'uploading') return;
    stopTimer(this.#timer);
    this.#wholeSent();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, reason?: string): void {
    if (this.#over) return;
    const headers = latin1(controller.rawHeaders);
    const shown = status === HIDDEN_CONTINUE ? 100 : status;
    const head = { status: shown, reason: reason ?? '', headers };
    if (status < 200) return this.#handler.interim(head);
    stopTimer(this.#timer);
    this.#phase = 'answering';
    this.#timer = this.#body === undefined ? undefined : startTimer(this.#idleMs, UndiciAttempt.nothingMoved, this);
    this.#handler.answered(this, head);
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, _: object, socket: Socket): void {
    if (this.#over) return void socket.destroy();
    this.#over = true;
    stopTimer(this.#timer);
    this.#handler.upgraded(this, { status, reason: '', headers: latin1(controller.rawHeaders) }, socket);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    if (this.#body !== undefined) restartTimer(this.#timer);
    this.#handler.data(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#over) return;
    this.#over = true;
    stopTimer(this.#timer);
    this.#handler.complete(this.attempt, latin1(controller.rawTrailers), controller);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return;
    const fault = faultOf(error, this.controller === undefined ? 'nothing' : 'some');
    if (fault.kind !== 'reset' || this.controller === undefined || this.#line?.stale !== true) return this.#fail(fault);
    if (!this.#handler.stale()) return this.#fail({ ...fault, kind: 'stale-connection' });
    stopTimer(this.#timer);
    this.controller = undefined;
    this.#phase = 'connecting';
    this.#send('fresh');
  }

  get #idleMs(): number {
    return this.#handler.exchange.view.service.timeouts.idleMs;
  }

  #wholeSent(): void {
    this.#phase = 'waiting';
    this.#deps?.pipeline.sent(this.attempt, this.#heldMs);
    this.#wait();
  }

  /** Starts what is left of the wait for a first byte. */
  #wait(): void {
    const { patienceMs } = this.attempt;
    const { firstByteMs } = this.#handler.exchange.view.service.timeouts;
    if (this.#heldMs < patienceMs) {
      this.#timer = startTimer(patienceMs - this.#heldMs, UndiciAttempt.patienceExpired, this);
    } else this.#timer = startTimer(firstByteMs - this.#heldMs, UndiciAttempt.firstByteTimedOut, this);
  }

  #standIn({ experiment, answer }: NonNullable<FaultPlan['failure']>): void {
    this.#handler.sabotaged(experiment, 'failure');
    const cause = `failed by the experiment ${experiment}`;
    if (answer === 'refused') this.#fail({ kind: 'connect-refused', sent: 'nothing', cause });
    else if (answer === 'reset') this.#fail({ kind: 'reset', sent: 'some', cause });
    else standIn(this, { status: answer, words: cause, method: this.#handler.exchange.head.method });
  }

  static connectTimedOut(this: void, self: UndiciAttempt): void {
    self.#fail({ kind: 'connect-timeout', sent: 'nothing', cause: 'no connection in time' });
  }

  /** Looks for another endpoint, and waits on for the rest of the first-byte limit. */
  static patienceExpired(this: void, self: UndiciAttempt): void {
    const { attempt } = self;
    const { firstByteMs } = self.#handler.exchange.view.service.timeouts;
    if (attempt.patienceMs >= firstByteMs) return UndiciAttempt.firstByteTimedOut(self);
    self.#timer = startTimer(firstByteMs - attempt.patienceMs, UndiciAttempt.firstByteTimedOut, self);
    self.#handler.patienceExpired(attempt);
  }

  /** In `idle` nothing has moved: whoever does not take what there is to take, or does not send what is due, is to blame. */
  static nothingMoved(this: void, self: UndiciAttempt): void {
    const body = self.#body as ReplayBody;
    const answering = self.#phase === 'answering';
    // A client that does not take its answer has a limit of its own.
    if (answering && self.controller?.paused === true) return restartTimer(self.#timer);
    if (!body.ended && !body.blocked) return self.#handler.clientStalled();
    self.#fail({ kind: 'idle-timeout', sent: 'some', cause: answering ? ANSWER_STOPPED : REQUEST_STOPPED });
  }

  static firstByteTimedOut(this: void, self: UndiciAttempt): void {
    self.#fail({ kind: 'first-byte-timeout', sent: 'some', cause: 'no answer in time' });
  }

  #fail(fault: Fault): void {
    if (this.#over) return;
    this.cancel();
    this.#handler.failed(this.attempt, fault);
  }
}

/** Node knows the length of a body by its header; that a body comes in chunks has to be said. */
function framingOf(headers: readonly string[]): readonly string[] {
  return headerOf(headers, 'transfer-encoding') === undefined ? [] : ['Transfer-Encoding', 'chunked'];
}
const ANSWER_STOPPED = 'the endpoint sends no more of its answer';
const REQUEST_STOPPED = 'the endpoint takes no more of the request';

function latin1(raw: Dispatcher.DispatchController['rawHeaders']): readonly string[] {
  if (!Array.isArray(raw) || raw.length === 0) return NONE;
  return raw.map((value) => (typeof value === 'string' ? value : value.toString('latin1')));
}

const NONE: readonly string[] = [];
