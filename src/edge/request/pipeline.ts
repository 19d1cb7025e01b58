import type { DecisionHeaders } from '../../config/topology.ts';
import type { ChaosKind } from '../../config/topology-chaos.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import { FAULT_STATUS, type Fault, isBlameless, isIdempotent, mayRetry } from '../../resilience/fault.ts';
import { priorityOf } from '../../routing/priorities.ts';
import { type FaultPlan, NO_DRAW } from '../../table/fault-plan.ts';
import type { Peer, RequestHead } from '../message/request-head.ts';
import type { Attempter } from './attempter.ts';
import { type ClientAddress, clientAddress } from './client-address.ts';
import type { Attempt, Ending, Exchange, Refused } from './exchange.ts';
import type { PathDeps } from './path-deps.ts';
import type { Recorder } from './recorder.ts';
import { requestIdOf } from './request-id.ts';
import type { ServiceState } from './service-state.ts';
import { loops } from './via.ts';
import type { World } from './world.ts';

/**
 * The path of every request, in the order in which its phases come:
 *
 *   identify → start → ⟲ (impatient | failed | answered) → ended | gaveUp | clientGone
 *
 * An engine moves the bytes and calls one phase after the other; each says what to do next. A phase never waits: it
 * reads and writes the table and returns. Trouble is returned as a `Fault`; a next `Attempt` means: drop what you have,
 * send it there.
 */
export class Pipeline {
  readonly #deps: PathDeps;
  readonly #attempts: Attempter;
  readonly #recorder: Recorder;

  constructor(deps: PathDeps, attempts: Attempter, recorder: Recorder) {
    this.#deps = deps;
    this.#attempts = attempts;
    this.#recorder = recorder;
  }

  /**
   * Who asks, from where, for what, and with which priority. `known` is the service, where the engine has looked it up already,
   * in the world that is in force now.
   */
  identify(head: RequestHead, known?: ServiceState): Exchange | Refused {
    const world = this.#deps.world();
    const client = this.#client(head, world);
    const state = known ?? world.services.find(head.host, head.target);
    const looping = loops(head.fields, world.pseudonym);
    if (looping || state === undefined) {
      const fault = looping
        ? refusal('loop', `Via names ${world.pseudonym} already`)
        : refusal('no-service', `no service matches ${head.host}`);
      // The client and the log are told the same id, as of any other request.
      const refused = { ...fault, requestId: requestIdOf(head.fields, client.trustedPeer) };
      this.#recorder.refused(head, client.address, refused);
      return refused;
    }
    const whereabouts = this.#whereabouts(head.peer, client.address);
    const { view } = state;
    const { routing } = view.service;
    const priority = priorityOf(view, head.fields.first(routing.header));
    if (!priority.known) this.#recorder.count('unknown-priority');
    const startMs = this.#deps.clock.nowMs();
    state.budget.deposit(startMs);
    return {
      head,
      requestId: requestIdOf(head.fields, client.trustedPeer),
      clientAddress: client.address,
      trustedPeer: client.trustedPeer,
      pseudonym: world.pseudonym,
      startMs,
      state,
      view,
      priority,
      whereabouts,
      latency:
        routing.latencyFrom === 'client'
          ? state.latencies.from(whereabouts)
          : state.latencies.measured(this.#deps.live.columns, view.rows, startMs),
      idempotent: isIdempotent(head.method),
      explained: isExplained(world.topology.edge.decisionHeaders, client.trustedPeer),
      attempts: [],
      suspects: [],
      chaosDraw: this.#deps.chaos?.running === true ? this.#deps.random() : NO_DRAW,
      chaos: '',
      recorded: false,
    };
  }

  /** Plans the first try and takes a permit for it. */
  start(exchange: Exchange): Attempt | Fault {
    return this.#attempts.take(exchange, 'panic-allowed') ?? refusal('no-candidate', 'no endpoint may be sent to');
  }

  /** What experiments do to a try that is about to be sent; undefined: nothing, which is all there is to it then. */
  sabotage(exchange: Exchange, attempt: Attempt): FaultPlan | undefined {
    if (exchange.chaosDraw === NO_DRAW) return undefined;
    const at = { draw: exchange.chaosDraw, nowMs: attempt.startMs };
    return this.#deps.chaos?.plan(attempt.endpoint, exchange.priority.name, at);
  }

  /** An experiment's fault has been put into a try: the request is marked with its name, once. */
  sabotaged(exchange: Exchange, experiment: string, kind: ChaosKind): void {
    this.#deps.chaos?.injected(experiment, kind);
    if (exchange.chaos === '') exchange.chaos = experiment;
    else if (!exchange.chaos.split(', ').includes(experiment)) exchange.chaos += `, ${experiment}`;
  }

  /**
   * No answer within the attempt's patience. The next try if there is a place for one; the one that waited is judged by
   * whoever answers. Undefined: go on waiting, up to the first-byte limit.
   */
  impatient(exchange: Exchange, attempt: Attempt, bodyReplayable: boolean): Attempt | undefined {
    const next = this.#again(exchange, 'outpaced', { sent: 'some', bodyReplayable, panic: 'panic-refused' });
    if (next !== undefined) exchange.suspects.push(attempt);
    return next;
  }

  /**
   * A connection that had been used before broke before any byte of an answer: the endpoint had closed it while nobody used it,
   * which it may do at any time (RFC 9112 §9.3.1). True: the request may go out once more, over a new connection to the same
   * endpoint; that is no other try, and nobody is blamed.
   */
  wentStale({ idempotent }: Exchange, bodyReplayable: boolean): boolean {
    this.#recorder.count('stale-connection');
    return mayRetry('some', { idempotent, bodyReplayable });
  }

  /** A try failed before an answer: the next one, or the fault that the client has to be told of. */
  failed(exchange: Exchange, attempt: Attempt, fault: Fault, bodyReplayable: boolean): Attempt | Fault {
    attempt.fault = fault;
    this.#recorder.settle(attempt, isBlameless(fault) ? 'abandoned' : 'failure', outcomeOf(fault));
    if (fault.kind === 'no-resources') this.#deps.shortOf?.(fault.cause);
    return this.#again(exchange, fault.kind, { sent: fault.sent, bodyReplayable, panic: 'panic-allowed' }) ?? fault;
  }

  /**
   * The head of an answer has come. A next attempt when its status is one that another endpoint may do better than and
   * the request may go there; undefined when it is the client's answer.
   */
  answered(exchange: Exchange, attempt: Attempt, status: number, bodyReplayable: boolean): Attempt | undefined {
    attempt.status = status;
    attempt.firstByteMs = this.#deps.clock.nowMs() - attempt.startMs;
    this.#recorder.firstByte(attempt);
    this.#judgeSuspects(exchange, attempt.firstByteMs <= attempt.patienceMs ? 'failure' : 'abandoned');
    if (!exchange.view.service.retries.statuses.includes(status) || !exchange.idempotent) return undefined;
    const next = this.#again(exchange, `status-${status}`, { sent: 'some', bodyReplayable, panic: 'panic-refused' });
    if (next !== undefined) this.#recorder.settle(attempt, 'failure', 'error-status');
    return next;
  }

  /** The answer's body has ended, well or badly. */
  ended(exchange: Exchange, attempt: Attempt, how: Ending['how'], fault?: Fault): void {
    const nowMs = this.#deps.clock.nowMs();
    attempt.fault = fault;
    const { status } = attempt;
    if (how === 'client-gone') this.#recorder.settle(attempt, 'abandoned', 'abandoned', nowMs);
    else if (how === 'broken') {
      this.#recorder.settle(attempt, 'failure', fault === undefined ? 'reset' : outcomeOf(fault), nowMs);
    } else if (isFailure(status)) this.#recorder.settle(attempt, 'failure', 'error-status', nowMs);
    else this.#recorder.settle(attempt, 'success', 'success', nowMs);
    this.#recorder.record(exchange, attempt, { status, how }, nowMs);
  }

  /**
   * The endpoint has switched protocols. The request is done and recorded; the stream that comes of it counts in flight
   * until the function that is returned is called.
   */
  upgraded(exchange: Exchange, attempt: Attempt): () => void {
    const release = this.#deps.admission.hold(attempt.permit.target);
    this.#recorder.count('upgrade');
    this.#recorder.stream(1);
    this.ended(exchange, attempt, 'complete');
    return () => {
      this.#recorder.stream(-1);
      release();
    };
  }

  /** The client is told of a fault instead of an answer. */
  gaveUp(exchange: Exchange, fault: Fault): void {
    // Nobody answered: those that let the request wait are no better than the one that failed last.
    this.#judgeSuspects(exchange, isBlameless(fault) ? 'abandoned' : 'failure');
    if (fault.kind === 'no-candidate') this.#recorder.count('no-candidate');
    this.#recorder.record(exchange, exchange.attempts.at(-1), { status: FAULT_STATUS[fault.kind], how: 'complete' });
  }

  /** Somebody else will say how the client's request ended; what is recorded here are its tries. */
  postpone(exchange: Exchange): void {
    exchange.recorded = true;
  }

  /** The end of a postponed one. `attempt` is the one whose answer the client got; undefined when no endpoint gave it. */
  conclude(exchange: Exchange, attempt: Attempt | undefined, ending: Ending): void {
    exchange.recorded = false;
    this.#recorder.record(exchange, attempt, ending);
    const { source, quality } = ending;
    if (source === undefined || quality === 'full') return;
    this.#deps.degraded?.(exchange.view.service.name, source, quality ?? 'none');
  }

  /** The client left before there was an answer. */
  clientGone(exchange: Exchange, attempt: Attempt | undefined): void {
    if (attempt !== undefined) this.#recorder.settle(attempt, 'abandoned', 'abandoned');
    this.#judgeSuspects(exchange, 'abandoned');
    this.#recorder.record(exchange, attempt, { status: 499, how: 'client-gone' });
  }

  /** A peer that no proxy is speaks for itself, with every request of its connection. */
  #client({ peer, peerAddress, fields }: RequestHead, world: World): ClientAddress {
    if (peer.world === world) return { address: peer.address, trustedPeer: false };
    const client = clientAddress(peerAddress, fields, world.trust);
    if (!client.trustedPeer) {
      peer.world = world;
      peer.address = client.address;
      peer.geo = undefined;
    }
    return client;
  }

  #whereabouts(peer: Peer, address: string): Whereabouts {
    const { world, geo, locate } = this.#deps;
    if (peer.whereabouts !== undefined && peer.world === world() && peer.geo === geo()) return peer.whereabouts;
    const found = locate(address);
    if (peer.world === world()) {
      peer.whereabouts = found;
      peer.geo = geo();
    }
    return found;
  }

  /** Whether another try is allowed and affordable; if so, takes it. */
  #again(exchange: Exchange, reason: string, how: Again): Attempt | undefined {
    const { view, state, attempts } = exchange;
    if (attempts.length >= view.service.retries.attempts) return undefined;
    if (!mayRetry(how.sent, { idempotent: exchange.idempotent, bodyReplayable: how.bodyReplayable })) return undefined;
    const nowMs = this.#deps.clock.nowMs();
    if (state.budget.balance(nowMs) < 1) {
      this.#recorder.count('retry-budget-exhausted');
      return undefined;
    }
    const from = attempts.at(-1) as Attempt;
    const next = this.#attempts.take(exchange, how.panic);
    if (next === undefined) return undefined;
    state.budget.withdraw(nowMs);
    this.#recorder.count('retry');
    this.#deps.failedOver(from.endpoint, next.endpoint, reason);
    return next;
  }

  #judgeSuspects(exchange: Exchange, verdict: 'failure' | 'abandoned'): void {
    if (exchange.suspects.length === 0) return;
    for (const suspect of exchange.suspects) {
      this.#recorder.settle(suspect, verdict, verdict === 'failure' ? 'outpaced' : 'abandoned');
    }
    exchange.suspects.length = 0;
  }
}

type Again = {
  readonly sent: Fault['sent'];
  readonly bodyReplayable: boolean;
  readonly panic: 'panic-allowed' | 'panic-refused';
};

function isExplained(setting: DecisionHeaders, trustedPeer: boolean): boolean {
  return setting === 'always' || (setting === 'trusted' && trustedPeer);
}

/** 501 and 505 say that the request was strange, not that the endpoint is ill. */
function isFailure(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

function outcomeOf(fault: Fault) {
  // It is no evidence against the endpoint's health either.
  if (fault.blameless === true) return 'abandoned';
  return fault.kind === 'no-candidate' || fault.kind === 'no-service' || fault.kind === 'loop'
    ? 'unreachable'
    : fault.kind;
}

function refusal(kind: Fault['kind'], cause: string): Fault {
  return { kind, sent: 'nothing', cause };
}
