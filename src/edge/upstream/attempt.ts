import type { Fault } from '../../resilience/fault.ts';
import { OVERDUE } from '../../resilience/overdue.ts';
import { Deadline } from '../../table/deadlines.ts';
import type { FaultPlan } from '../../table/fault-plan.ts';
import { isGrpcCall, meantByGrpc } from '../message/grpc-status.ts';
import { saysStream } from '../message/stream-kind.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { TunnelSide } from '../tunnel/side.ts';
import type { AttemptDeps, AttemptHandler, Phase } from './attempt-handler.ts';
import type { UpstreamFailure, UpstreamHandler } from './connection-handler.ts';
import { becomesOf, type ConnectHandler } from './pool.ts';
import { tellLoad } from './reported-load.ts';
import { Sabotage, type Sabotaged } from './sabotage.ts';
import { isBlocked, type Upstream } from './upstream.ts';
import { faultOf } from './upstream-fault.ts';

/** One attempt of one request at one endpoint, with its clocks. It may be used again once dropped: the wire engine makes one for a client's connection, others for races. */
export class UpstreamAttempt implements UpstreamHandler<Upstream>, ConnectHandler, Sabotaged {
  attempt: Attempt | undefined;
  readonly #deps: AttemptDeps;
  readonly #handler: AttemptHandler<UpstreamAttempt>;
  readonly #deadline: Deadline;
  #phase: Phase = 'idle';
  /** What it is being waited for until ends with the time of its request. */
  #isLast = false;
  #exchange!: Exchange;
  #upstream: Upstream | undefined;
  #idleMs = 0; // For how long nothing may move, of the request's body and of the answer.
  #cancelConnect: (() => void) | undefined;
  /** The endpoint has said of it that it was not processed, and it has gone out once more. */
  #refused = false;
  /** Made when an experiment first touches one of its requests. */
  #sabotage: Sabotage | undefined;

  constructor(deps: AttemptDeps, handler: AttemptHandler<UpstreamAttempt>) {
    this.#deps = deps;
    this.#handler = handler;
    this.#deadline = new Deadline(() => this.#due());
  }

  /** Sends a request to the endpoint of an attempt, unless experiments have other plans. */
  begin(exchange: Exchange, attempt: Attempt, plan: FaultPlan | undefined): void {
    this.#exchange = exchange;
    this.attempt = attempt;
    this.#phase = 'connecting';
    this.#refused = false;
    this.#isLast = false;
    if (plan === undefined) return this.connect();
    // What holds it back has clocks of its own, within the time of the request.
    if (exchange.untilMs !== Number.POSITIVE_INFINITY) this.#wait('connecting', Number.POSITIVE_INFINITY);
    this.#sabotage ??= new Sabotage(this.#deps, this);
    this.#sabotage.begin(plan, exchange, attempt);
  }

  get hasUpstream(): boolean {
    return this.#upstream !== undefined;
  }

  /** More of the body has come; false when no more is wanted for now. */
  feed(piece: Buffer): boolean {
    const upstream = this.#upstream;
    if (upstream === undefined) return this.#handler.body.ended;
    // One that takes no more may still answer; the rest is let go by, so that the client gets to read that.
    const more = upstream.deaf || upstream.socket.write(piece);
    if (this.#phase === 'uploading') this.#uploaded(more);
    else if (this.#phase === 'answering') this.moved();
    return more;
  }

  /** Something of the answer has moved. */
  moved(): void {
    this.#wait('answering', this.#idleMs);
  }

  /** The answer has ended, and with it what it came on. */
  finished(): void {
    this.#upstream = undefined;
    this.#phase = 'idle';
    this.#deps.deadlines.disarm(this.#deadline);
  }

  /** Its answer is not taken as fast as it comes. */
  pause(): void {
    if (this.#upstream?.done === false) this.#upstream.pause();
  }

  resume(): void {
    if (this.#upstream?.paused !== true) return;
    this.#upstream.resume();
    this.moved();
  }

  /** Lets go of the endpoint that is being tried. */
  drop(): void {
    this.#deps.deadlines.disarm(this.#deadline);
    this.#sabotage?.stop();
    this.#cancelConnect?.();
    this.#cancelConnect = undefined;
    this.#upstream?.destroy();
    this.#upstream = undefined;
    this.#phase = 'idle';
    this.attempt = undefined;
  }

  /** It will not be used again. */
  end(): void {
    this.#deps.deadlines.remove(this.#deadline);
    this.#sabotage?.end();
  }

  connected(upstream: Upstream): void {
    this.#cancelConnect = undefined;
    this.#send(upstream, true);
  }

  notConnected(fault: Fault): void {
    this.#cancelConnect = undefined;
    this.failed(fault);
  }

  interim(upstream: Upstream): void {
    this.#handler.interim(upstream);
  }

  answered(upstream: Upstream): void {
    // An endpoint that answers before it has heard everything still waits for the rest.
    if (!this.#handler.body.ended || upstream.deaf) upstream.head.keepAlive = false;
    if (upstream.head.grpc) (this.attempt as Attempt).meant = meantByGrpc(upstream.head.lines + upstream.trailers);
    if (!upstream.done && upstream.framing !== 'length' && saysStream(upstream.head.lines))
      this.#idleMs = this.#timeouts().streamMs;
    if (this.#exchange.view.reports) tellLoad(this.#tell, upstream, upstream.head.lines);
    this.#handler.answered(this, upstream);
  }

  more(upstream: Upstream): void {
    if (upstream.done && upstream.head.grpc) (this.attempt as Attempt).meant = meantByGrpc(upstream.trailers);
    if (upstream.done && this.#exchange.view.reports) tellLoad(this.#tell, upstream, '');
    this.#handler.more(this, upstream);
  }

  readonly #tell = (lines: string): void => this.#deps.pipeline.reported(this.#exchange, this.attempt, lines);

  switched(upstream: Upstream, endpoint: TunnelSide): void {
    this.#upstream = undefined;
    this.#handler.switched(this, upstream, endpoint);
  }

  upstreamFailed(cause: string, kind: UpstreamFailure): void {
    this.#upstream = undefined;
    if (this.#mayGoAgain(kind)) this.connect(kind === 'unprocessed' ? 'any' : 'fresh');
    else this.failed(faultOf(cause, kind));
  }

  /** Whether the request goes out once more to the same endpoint, which has not, or hardly, looked at it. */
  #mayGoAgain(kind: UpstreamFailure): boolean {
    const { replayable } = this.#handler.body;
    if (kind === 'stale-connection') return this.#deps.pipeline.wentStale(this.#exchange, replayable);
    if (kind !== 'unprocessed' || this.#refused) return false;
    this.#refused = true;
    return this.#deps.pipeline.unprocessed(replayable);
  }

  upstreamDrained(): void {
    if (this.#phase === 'uploading') this.#uploaded(true);
    else if (this.#phase === 'answering') this.moved();
    if (!this.#handler.body.ended) this.#handler.wantBody();
  }

  faulted(error: unknown): void {
    this.#handler.faulted(error);
  }

  /** Takes a connection to the endpoint; a `fresh` one has not been used before. */
  connect(which: 'any' | 'fresh' = 'any'): void {
    const shared = this.#deps.pools.of(this.#exchange.view.service, (this.attempt as Attempt).endpoint);
    const pool = shared.forClient?.(this.#exchange.clientAddress) ?? shared;
    const becomes = becomesOf(this.#exchange.head);
    const idle = which === 'any' && becomes === 'connection' ? pool.take() : undefined;
    if (idle !== undefined) return this.#send(idle, false);
    this.#waitForConnection(0);
    this.#cancelConnect = pool.connect(this, becomes);
  }

  #waitForConnection(waitedMs: number): void {
    const { connectMs } = this.#timeouts();
    const lookMs = this.#handler.body.ended ? (this.attempt as Attempt).lookMs : connectMs;
    this.#wait(lookMs < connectMs ? 'early' : 'connecting', Math.min(lookMs, connectMs) - waitedMs);
  }

  failed(fault: Fault): void {
    this.#handler.failed(this, fault);
  }

  patienceExpired(): void {
    this.#handler.patienceExpired(this);
  }

  standIn(status: number, text: string): void {
    this.#handler.standIn(this, status, text);
  }

  #send(upstream: Upstream, late: boolean): void {
    const { body } = this.#handler;
    this.#upstream = upstream;
    const { head } = this.#exchange;
    upstream.begin(this, head.method === 'HEAD', head.upgrade !== undefined);
    this.#idleMs = this.#timeouts()[!body.ended && isGrpcCall(head) ? 'streamMs' : 'idleMs'];
    this.#handler.send(this, upstream);
    if (body.ended && !upstream.socket.writableNeedDrain) return this.#waitForAnswer(late);
    this.#deps.pipeline.uploading(this.attempt as Attempt);
    this.#wait('uploading', this.#pauseMs(body.ended));
    if (!body.ended) this.#handler.wantBody();
  }

  /** Something of the request has moved; `all` that was given to the connection has left it. */
  #uploaded(all: boolean): void {
    if (this.#handler.body.ended && all) this.#waitForAnswer(true);
    else this.#wait('uploading', this.#pauseMs(!all));
  }

  /** Everything has been sent, `late` if not at once: the first byte of an answer is due. */
  #waitForAnswer(late: boolean): void {
    const attempt = this.attempt as Attempt;
    const heldMs = this.#sabotage?.heldMs ?? 0;
    if (late) this.#deps.pipeline.sent(attempt, heldMs);
    const earlyMs = Math.min(attempt.hedgeMs, attempt.lookMs);
    if (heldMs < earlyMs && earlyMs < attempt.patienceMs) this.#wait('early', earlyMs, attempt.sentMs);
    else if (heldMs < attempt.patienceMs) this.#wait('patience', attempt.patienceMs, attempt.sentMs);
    else this.#wait('waiting', this.#timeouts().firstByteMs - heldMs);
  }

  #due(): void {
    const upstream = this.#upstream;
    if (this.#isLast && this.#phase !== 'idle') return this.#expireRequest();
    switch (this.#phase) {
      case 'idle':
        return;
      case 'early':
        return this.#expireEarly();
      case 'patience':
        return this.#expirePatience();
      case 'uploading':
        // Nothing has moved: whoever does not take what there is to take is to blame, here or beyond.
        if (isBlocked(upstream)) return this.failed(OVERDUE.uploading);
        return this.#handler.clientStalled(this.#exchange.bodyPauseMs < this.#timeouts().idleMs);
      case 'answering':
        if (upstream?.paused === true) return this.#wait('stalled', this.#deps.clientIdleMs());
        // It may wait for a request that the client does not go on with.
        if (!this.#handler.body.ended && !isBlocked(upstream)) return this.#handler.clientStalled();
        return this.failed(OVERDUE.answering);
      case 'stalled':
        return this.#handler.clientStalled();
      default:
        return this.failed(OVERDUE[this.#phase]);
    }
  }

  #expireRequest(): void {
    this.#isLast = false; // If its client is no longer waiting, it has the limit of what it is waiting for, from now on.
    if (this.#exchange.untilMs !== Number.POSITIVE_INFINITY) return this.#handler.deadlinePassed(this);
    if (this.#upstream === undefined) this.#wait('connecting', this.#timeouts().connectMs);
    else if (this.#phase === 'uploading' || this.#phase === 'answering') this.#wait(this.#phase, this.#idleMs);
    else this.#wait('waiting', this.#timeouts().firstByteMs);
  }

  #expireEarly(): void {
    const attempt = this.attempt as Attempt;
    const { hedgeMs, lookMs, patienceMs, sentMs } = attempt;
    const movesOn = hedgeMs < lookMs || this.#deps.pipeline.fellSilent(attempt);
    if (this.#upstream === undefined) this.#waitForConnection(lookMs);
    else if (attempt.lookMs < patienceMs) this.#wait('early', attempt.lookMs, sentMs);
    else this.#wait('patience', patienceMs, sentMs);
    if (movesOn) this.patienceExpired();
  }

  #expirePatience(): void {
    const lastMs = this.#timeouts().firstByteMs - (this.attempt as Attempt).patienceMs;
    if (lastMs <= 0) return this.failed(OVERDUE.waiting);
    this.#wait('waiting', lastMs);
    this.patienceExpired();
  }

  /** How long nothing may move while the request is being sent; `itself`: it is the endpoint that is waited for. */
  #pauseMs(itself: boolean): number {
    return itself ? this.#idleMs : Math.min(this.#idleMs, this.#exchange.bodyPauseMs);
  }

  #timeouts() {
    return this.#exchange.view.service.timeouts;
  }

  #wait(phase: Phase, ms: number, nowMs?: number): void {
    const { untilMs } = this.#exchange;
    this.#phase = phase;
    if (untilMs === Number.POSITIVE_INFINITY) return this.#deps.deadlines.arm(this.#deadline, ms, nowMs);
    const fromMs = nowMs ?? this.#deps.deadlines.nowMs;
    this.#isLast = untilMs - fromMs <= ms;
    this.#deps.deadlines.arm(this.#deadline, Math.min(ms, untilMs - fromMs), fromMs);
  }
}
