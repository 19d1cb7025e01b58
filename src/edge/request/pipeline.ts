import type { ChaosKind } from '../../config/topology-chaos.ts';
import { FAULT_STATUS, type Fault, isBlameless, isFenceFault, mayRetry } from '../../resilience/fault.ts';
import { LOOK_AGAIN_MS } from '../../resilience/patience.ts';
import { type FaultPlan, NO_DRAW } from '../../table/fault-plan.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Attempter } from './attempter.ts';
import { type Answered, type Attempt, type Ending, type Exchange, NOT_SENT, type Refused } from './exchange.ts';
import { Identifier } from './identifier.ts';
import { hasFailedAlike, isRunning, Judge, wasSuspect } from './judge.ts';
import { noteLoad } from './load-reports.ts';
import { nobodyFor, wasFenceRefusal } from './nobody-left.ts';
import { isFailure, outcomeOf } from './outcome.ts';
import type { PathDeps } from './path-deps.ts';
import type { Recorder } from './recorder.ts';
import { BODY_REFUSED } from './refusal.ts';
import { Refusals } from './refusals.ts';
import { DEADLINE_PASSED, isClientsOwn } from './request-deadline.ts';
import { sentAway } from './sent-away.ts';
import type { ServiceState } from './service-state.ts';
import { type Again, Tries } from './tries.ts';

/**
 * The path of every request, in the order in which its phases come:
 *
 *   identify → start → ⟲ (patienceExpired | failed | answered) → ended | gaveUp | clientGone
 *
 * An engine moves the bytes and calls one phase after the other; each says what to do next. A phase never waits: it
 * reads and writes the table and returns. A failure is returned as a `Fault`; a next `Attempt` means: send it there.
 *
 * A request has one attempt at a time, except that a slow one races on beside the next. The first that answers wins; the others are settled by then.
 */
export class Pipeline {
  readonly #deps: PathDeps;
  readonly #attempts: Attempter;
  readonly #tries: Tries;
  readonly #recorder: Recorder;
  readonly #judge: Judge;
  readonly #identifier: Identifier;
  readonly #refusals: Refusals;

  constructor(deps: PathDeps, attempts: Attempter, recorder: Recorder) {
    this.#deps = deps;
    this.#attempts = attempts;
    this.#tries = new Tries(deps, attempts, recorder);
    this.#recorder = recorder;
    this.#judge = new Judge(recorder);
    this.#identifier = new Identifier(deps, recorder);
    this.#refusals = new Refusals(deps.live.columns, deps.clock);
  }

  /**
   * Who asks, from where, for what, and with which priority. `known` is the service, where the engine has looked it up already,
   * in the world that is in force now. What a rule of the service answers has ended with this.
   */
  identify(head: RequestHead, known?: ServiceState): Exchange | Refused | Answered {
    const exchange = this.#identifier.identify(head, known);
    return 'view' in exchange && exchange.view.service.mode !== 'proxy'
      ? sentAway(exchange, {
          random: this.#deps.random,
          attempts: this.#attempts,
          recorder: this.#recorder,
          gaveUp: (gone, fault) => this.gaveUp(gone, fault),
        })
      : exchange;
  }

  /** The service that a request is for; undefined when there is none. What it finds may be handed to `identify`. */
  serviceOf(head: RequestHead): ServiceState | undefined {
    return this.#identifier.serviceOf(head);
  }

  /** Plans the first attempt and takes a permit for it, at `nowMs`. */
  start(exchange: Exchange, nowMs = this.#deps.clock.nowMs()): Attempt | Fault {
    if (exchange.untilMs <= nowMs) return this.deadlinePassed(exchange, undefined);
    return this.#attempts.take(exchange, 'panic-allowed', nowMs) ?? nobodyFor(exchange);
  }

  /** What experiments do to an attempt that is about to be sent; undefined: nothing, which is all there is to it then. */
  sabotage(exchange: Exchange, attempt: Attempt): FaultPlan | undefined {
    if (exchange.chaosDraw === NO_DRAW) return undefined;
    const at = { draw: exchange.chaosDraw, nowMs: attempt.startMs };
    return this.#deps.chaos?.plan(attempt.endpoint, exchange, at);
  }

  /** An experiment has put a fault into an attempt: the request is marked with its name, once. */
  sabotaged(exchange: Exchange, experiment: string, kind: ChaosKind): void {
    this.#deps.chaos?.injected(experiment, kind);
    if (exchange.chaos === '') exchange.chaos = experiment;
    else if (!exchange.chaos.split(', ').includes(experiment)) exchange.chaos += `, ${experiment}`;
  }

  /** An attempt is being sent, and its body will take a while: the endpoint's time has not begun. */
  uploading(attempt: Attempt): void {
    attempt.sentMs = NOT_SENT;
  }

  /** The last byte of an attempt has gone out, which had been held back for `heldMs` by experiments, as if by its endpoint. */
  sent(attempt: Attempt, heldMs: number): void {
    attempt.sentMs = this.#deps.clock.nowMs() - heldMs;
  }

  /** It is time for an attempt to look whether its endpoint has fallen silent: then its patience is over now. Else it looks again later. */
  fellSilent(attempt: Attempt): boolean {
    attempt.fellSilent = this.#deps.live.columns.silent[attempt.permit.target.row] === 1;
    attempt.lookMs = attempt.fellSilent ? Number.POSITIVE_INFINITY : attempt.lookMs + LOOK_AGAIN_MS;
    return attempt.fellSilent;
  }

  /**
   * No answer within the attempt's patience, or `fellSilent`. A second attempt, if the method may be under way twice at once and there is a place;
   * the first races on. Undefined: go on waiting, up to the first-byte limit.
   */
  patienceExpired(exchange: Exchange, attempt: Attempt, bodyReplayable: boolean): Attempt | undefined {
    return this.#tries.beside(exchange, attempt, bodyReplayable);
  }

  /**
   * A connection that had been used before broke before any byte of an answer: the endpoint had closed it while nobody used it,
   * which it may do at any time (RFC 9112 §9.3.1). True: the request may go out once more, over a new connection to the same
   * endpoint; that is no other attempt, and nobody is blamed.
   */
  wentStale({ idempotent }: Exchange, bodyReplayable: boolean): boolean {
    this.#recorder.count('stale-connection');
    return mayRetry('some', { idempotent, bodyReplayable });
  }

  /** The endpoint has said that it did not process a request, as one does that ends its connections; whether it may go out again. */
  unprocessed(bodyReplayable: boolean): boolean {
    this.#recorder.count('stale-connection');
    return mayRetry('nothing', { idempotent: false, bodyReplayable });
  }

  /**
   * An attempt failed before an answer: the next one, or the fault that the client gets, unless another one is
   * still under way.
   */
  failed(exchange: Exchange, attempt: Attempt, fault: Fault, bodyReplayable: boolean): Attempt | Fault {
    attempt.fault = fault;
    this.#recorder.settle(attempt, isBlameless(fault) ? 'abandoned' : 'failure', outcomeOf(fault));
    if (fault.kind === 'no-resources') this.#deps.shortOf?.(fault.cause);
    // One that had lost patience has its successor already.
    if (wasSuspect(exchange, attempt) && isRunning(exchange)) return fault;
    const how: Again = { reason: fault.kind, sent: fault.sent, bodyReplayable, panic: 'panic-allowed' };
    return this.#tries.again(exchange, attempt, how) ?? fault;
  }

  /** The head of an answer of a service that goes by what endpoints report of their load. To be said before `answered`. */
  reported(exchange: Exchange, attempt: Attempt | undefined, lines: string): void {
    if (attempt !== undefined) noteLoad(this.#deps.block, exchange, attempt, lines);
  }

  /** The answer that has come is one that `mayRefuse`, with these fields. To be said before `answered`. */
  refusing(exchange: Exchange, attempt: Attempt, status: number, lines: string): void {
    if (this.#refusals.refuses(exchange.view.service, attempt, { status, lines })) this.overloaded(attempt);
  }

  /** An answer says that its endpoint has no room. To be said before `answered`; it may go elsewhere as after any 503. */
  overloaded(attempt: Attempt): void {
    attempt.overloaded = true;
  }

  /**
   * The head of an answer has come. A next attempt when its status is one that another endpoint may do better than and
   * the request may go there; undefined when it is the client's answer, and any other attempt is to be dropped.
   */
  answered(exchange: Exchange, attempt: Attempt, status: number, bodyReplayable: boolean): Attempt | undefined {
    const nowMs = this.#deps.clock.nowMs();
    const early = attempt.sentMs === NOT_SENT;
    attempt.status = attempt.meant === 0 ? status : attempt.meant;
    if (attempt.status === 500) attempt.agreed = hasFailedAlike(exchange, attempt);
    attempt.firstByteMs = nowMs - (early ? attempt.startMs : attempt.sentMs);
    // An answer to a part of the request says how fast the client is, if anything.
    if (!early && !attempt.overloaded) this.#recorder.firstByte(attempt, exchange.view.slot);
    exchange.state.hedges?.saw(attempt.index, attempt.firstByteMs);
    const next = this.#elsewhere(exchange, attempt, bodyReplayable);
    if (next !== undefined) {
      this.#recorder.settleError(attempt, nowMs);
      wasSuspect(exchange, attempt);
      return next;
    }
    this.#judge.won(exchange, attempt, nowMs);
    if (attempt.overloaded) return undefined;
    this.#refusals.answers(attempt);
    if (!attempt.agreed) attempt.permit.judge(isFailure(attempt.status) ? 'failure' : 'success', nowMs, attempt);
    return undefined;
  }

  /** The answer's body has ended, well or badly. */
  ended(exchange: Exchange, attempt: Attempt, how: Ending['how'], fault?: Fault): void {
    const nowMs = this.#deps.clock.nowMs();
    if (how === 'complete') return this.completed(exchange, attempt, nowMs);
    attempt.fault = fault;
    if (how === 'client-gone') this.#recorder.settle(attempt, 'abandoned', 'abandoned', nowMs);
    else this.#recorder.settle(attempt, 'failure', fault === undefined ? 'reset' : outcomeOf(fault), nowMs);
    this.#recorder.record(exchange, attempt, { status: attempt.status, how }, nowMs);
  }

  /** The answer's body has ended well, at `nowMs`. */
  completed(exchange: Exchange, attempt: Attempt, nowMs: number): void {
    const status = attempt.meant === 0 ? attempt.status : attempt.meant;
    attempt.fault = undefined;
    if (isFailure(status)) this.#recorder.settleError(attempt, nowMs);
    else this.#recorder.settle(attempt, 'success', 'success', nowMs);
    this.#recorder.record(exchange, attempt, { status, how: 'complete' }, nowMs);
  }

  /**
   * The endpoint has switched protocols. The request is done and recorded; the stream that comes of it counts in flight
   * until the function that is returned is called.
   */
  upgraded(exchange: Exchange, attempt: Attempt): () => void {
    const { held } = exchange;
    exchange.held = undefined;
    const release = this.#deps.admission.hold(attempt.permit.target);
    this.#recorder.count('upgrade');
    this.#recorder.stream(1);
    this.ended(exchange, attempt, 'complete');
    return () => {
      this.#recorder.stream(-1);
      held?.release();
      release();
    };
  }

  /** The client gets a fault instead of an answer. */
  gaveUp(exchange: Exchange, fault: Fault): void {
    if (fault.kind === 'no-candidate') this.#recorder.count('no-candidate');
    else if (isFenceFault(fault) && !exchange.recorded) this.#recorder.fenceRefused(exchange);
    const how = fault.kind === 'deadline' && isClientsOwn(exchange) ? 'client-gone' : 'complete';
    this.#recorder.record(exchange, exchange.attempts.at(-1), { status: FAULT_STATUS[fault.kind], how });
  }

  /** The time of a request has passed: all of it is cancelled. `answering`: whose answer the client gets no more of; else it is to be given up. */
  deadlinePassed(exchange: Exchange, answering: Attempt | undefined): Fault {
    this.#recorder.deadlinePassed(exchange);
    this.#judge.overdue(exchange, this.#deps.clock.nowMs());
    const how = isClientsOwn(exchange) ? 'client-gone' : 'broken';
    if (answering !== undefined) this.#recorder.record(exchange, answering, { status: answering.status, how });
    return DEADLINE_PASSED;
  }

  /** More of a request's body has come than its service takes, or nothing for too long: what is under way is of no use, and nobody is to blame. */
  bodyRefused(exchange: Exchange, why: keyof typeof BODY_REFUSED): Fault {
    const { fault, count } = BODY_REFUSED[why];
    this.#judge.dropped(exchange);
    this.#recorder.limited(exchange, count);
    return fault;
  }

  /** Nobody waits for the request any more: what is under way of it goes on for others, or for copies, for as long as it takes. */
  unhurried(exchange: Exchange): void {
    exchange.untilMs = Number.POSITIVE_INFINITY;
  }

  /** The ladder will say how the client's request ended; only its attempts are recorded here. */
  postpone(exchange: Exchange): void {
    exchange.recorded = true;
  }

  /** The end of a postponed one. `attempt` is the one whose answer the client got; undefined when no endpoint gave it. */
  conclude(exchange: Exchange, attempt: Attempt | undefined, ending: Ending): void {
    exchange.recorded = false;
    this.#recorder.record(exchange, attempt, ending);
    const { source, quality, copy } = ending;
    if (wasFenceRefusal(exchange, ending)) this.#recorder.fenceRefused(exchange);
    if (copy !== undefined) this.#recorder.lookedUp(exchange, copy);
    if (source === undefined || quality === 'full') return;
    this.#deps.degraded?.(exchange.view.service.name, source, quality ?? 'none');
  }

  /** The client left before there was an answer; `attempt` is the last one. */
  clientGone(exchange: Exchange, attempt: Attempt | undefined): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#judge.left(exchange, nowMs);
    this.#recorder.record(exchange, attempt, { status: 499, how: 'client-gone' }, nowMs);
  }

  /** Another try for a request whose answer has a status that another endpoint may do better than. */
  #elsewhere(exchange: Exchange, attempt: Attempt, bodyReplayable: boolean): Attempt | undefined {
    const { status, meant, agreed } = attempt;
    // Whatever is wrong, a third endpoint will hardly know better.
    if (agreed) return undefined;
    // A call that the endpoint says it could not begin may be made elsewhere, although it is a POST.
    const unbegun = meant === UNAVAILABLE;
    const { statuses } = exchange.view.service.retries;
    if (!unbegun && !(statuses.includes(status) && exchange.idempotent)) return undefined;
    const sent = unbegun ? 'nothing' : 'some';
    return this.#tries.again(exchange, attempt, {
      reason: `status-${status}`,
      sent,
      bodyReplayable,
      panic: 'panic-refused',
    });
  }
}

const UNAVAILABLE = 503;
