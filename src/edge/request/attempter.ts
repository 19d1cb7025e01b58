import type { Endpoint } from '../../config/topology.ts';
import { lookMs, patienceMs } from '../../resilience/patience.ts';
import { heldBackMs } from '../../resilience/ramp.ts';
import { mayStillEnd, patienceLimitMs } from '../../resilience/request-deadline.ts';
import { readShares } from '../../routing/ask.ts';
import { explain } from '../../routing/explain.ts';
import { countRecent } from '../../routing/recent-shares.ts';
import { isPanic, NOBODY, select } from '../../routing/select.ts';
import { NO_SET, setOfDraw } from '../../routing/split.ts';
import { NOT_STUCK } from '../../routing/sticky-choice.ts';
import type { ServiceView } from '../../routing/view.ts';
import { NO_FENCE_CLASS, ORIGIN_CELLS, originCell } from '../../table/assigned-cells.ts';
import { DECISION_BOUNDS_US } from '../../table/worker-block.ts';
import type { Attempt, Exchange } from './exchange.ts';
import type { PathDeps } from './path-deps.ts';
import { countChoice, countNobody } from './policy-counts.ts';
import { runnerUpOf } from './runner-up.ts';

/** Every so many decisions one is timed. */
export const DECISIONS_PER_SAMPLE = 64;

/** A permit can be lost to another thread between choosing and asking; after so many, the request goes without. */
export const RACES_MAX = 8;

/** Plans an attempt: asks routing for the best endpoint and resilience for a permit. */
export class Attempter {
  readonly #deps: PathDeps;
  #untilSample = 0;

  constructor(deps: PathDeps) {
    this.#deps = deps;
  }

  /** The next attempt of an exchange, or undefined when nobody may be sent to. It is added to the exchange's attempts. */
  take(
    exchange: Exchange,
    panic: 'panic-allowed' | 'panic-refused',
    nowMs = this.#deps.clock.nowMs(),
  ): Attempt | undefined {
    const { admission, block } = this.#deps;
    const { view, state } = exchange;
    this.#ask(exchange, nowMs);
    for (let races = 0; races < RACES_MAX; races += 1) {
      const index = this.#decide(exchange);
      if (index === NOBODY) {
        countNobody(this.#deps, exchange);
        return undefined;
      }
      const inPanic = isPanic(view, index);
      if (inPanic && panic === 'panic-refused') return undefined;
      if (exchange.untilMs !== Number.POSITIVE_INFINITY && !this.#canEnd(exchange, index, nowMs)) return undefined;
      const target = view.targets[index] as (typeof view.targets)[number];
      // Taken before the permit counts: what is shown is what was decided on.
      const explanation = exchange.explained ? explain(view, this.#deps.live, state.ask) : undefined;
      const permit = inPanic ? admission.force(target) : admission.admit(target, nowMs);
      if (permit === undefined) {
        state.ask.tried.push(index);
        continue;
      }
      countChoice(this.#deps, exchange, index);
      if (inPanic) this.#deps.panicked(view.service.name);
      const at = { nowMs, halfLifeMs: view.service.routing.diversityHalfLifeMs, clouds: view.cloudCount };
      countRecent(block, view.slot, view.clouds[index] as number, at);
      if (view.service.routing.select === 'optimal') this.#demanded(exchange);
      return this.#attempt(exchange, index, { permit, panic: inPanic, startMs: at.nowMs, explanation });
    }
    return undefined;
  }

  /**
   * The endpoint that the client of an exchange is best sent to itself; undefined when there is none. It is asked of routing like any other decision, and
   * counts in the clouds' shares, but not in flight: what becomes of the request is not seen here.
   */
  choose(exchange: Exchange): Endpoint | undefined {
    const { view } = exchange;
    const nowMs = this.#deps.clock.nowMs();
    this.#ask(exchange, nowMs);
    const index = this.#decide(exchange);
    if (index === NOBODY) return undefined;
    const at = { nowMs, halfLifeMs: view.service.routing.diversityHalfLifeMs, clouds: view.cloudCount };
    countRecent(this.#deps.block, view.slot, view.clouds[index] as number, at);
    if (view.service.routing.select === 'optimal') this.#demanded(exchange);
    return view.service.endpoints[index];
  }

  /** Counts a request, once, for where it comes from: what is to be assigned. */
  #demanded({ view, latency, fence, attempts }: Exchange): void {
    const fenceClass = fence === undefined ? 0 : fence.fenceClass;
    if (attempts.length > 0 || fenceClass === NO_FENCE_CLASS) return;
    const { demand } = this.#deps.block;
    const cell = view.slot * ORIGIN_CELLS + originCell(latency.region, fenceClass);
    demand[cell] = (demand[cell] as number) + 1;
  }

  #ask({ state, view, priority, latency, fence, sticky, idempotent, attempts }: Exchange, nowMs: number): void {
    const { ask } = state;
    const { random, live } = this.#deps;
    ask.weights = priority.weights;
    ask.latency = latency;
    ask.nowMs = nowMs;
    ask.draw = random();
    // One draw for both: a returning endpoint with a weight ramps up to that weight and no further.
    ask.share = sticky?.draw ?? random();
    ask.stickyHash = sticky?.hash ?? NOT_STUCK;
    ask.stuckTo = sticky?.index ?? NOT_STUCK;
    ask.heldBackMs = heldBackMs(ask.share, view.service.routing.rampMs);
    ask.set = view.split === undefined ? NO_SET : setOfDraw(view.split, sticky?.setDraw ?? random());
    ask.mayProbe = idempotent;
    ask.allowed = fence?.allowed;
    ask.fenceClass = fence === undefined ? 0 : fence.fenceClass;
    // Setting the length of an array is slow, even to what it is.
    if (ask.tried.length > 0) ask.tried.length = 0;
    for (const attempt of attempts) ask.tried.push(attempt.index);
    readShares(live.columns, view.slot, ask.shares);
  }

  #decide({ view, state }: Exchange): number {
    const { clock, live, block } = this.#deps;
    if (this.#untilSample > 0) {
      this.#untilSample -= 1;
      return select(view, live, state.ask);
    }
    this.#untilSample = DECISIONS_PER_SAMPLE - 1;
    const startMs = clock.nowMs();
    const index = select(view, live, state.ask);
    const tookUs = (clock.nowMs() - startMs) * 1000;
    const found = DECISION_BOUNDS_US.findIndex((bound) => tookUs <= bound);
    const cell = found === -1 ? DECISION_BOUNDS_US.length : found;
    block.decisions[cell] = (block.decisions[cell] as number) + 1;
    block.decisionSumUs[0] = (block.decisionSumUs[0] as number) + tookUs;
    return index;
  }

  /** The first attempt is made in any case: nobody knows better than to try. */
  #canEnd({ attempts, untilMs, view }: Exchange, index: number, nowMs: number): boolean {
    return attempts.length === 0 || mayStillEnd(untilMs - nowMs, this.#usualMs(view, index));
  }

  #usualMs(view: ServiceView, index: number): number {
    return this.#deps.live.columns.latencyMs[view.rows[index] as number] as number;
  }

  #attempt(
    exchange: Exchange,
    index: number,
    taken: Pick<Attempt, 'permit' | 'panic' | 'startMs' | 'explanation'>,
  ): Attempt {
    const { view, attempts, state } = exchange;
    const { timeouts } = view.service;
    const usualMs = this.#usualMs(view, index);
    const patientMs = timeouts.patienceMs === 'auto' ? patienceLimitMs(timeouts) : timeouts.firstByteMs;
    const hedges = attempts.length === 0 ? state.hedges : undefined;
    const attempt: Attempt = {
      index,
      endpoint: view.service.endpoints[index] as Attempt['endpoint'],
      permit: taken.permit,
      panic: taken.panic,
      startMs: taken.startMs,
      sentMs: taken.startMs,
      explanation: taken.explanation,
      score: view.scores[index] as number,
      runnerUp: this.#deps.accessLog === undefined ? undefined : runnerUpOf(view, index, this.#deps.live, state.ask),
      patienceMs: patienceMs(timeouts.patienceMs, usualMs, patientMs),
      hedgeMs: hedges === undefined ? Number.POSITIVE_INFINITY : hedges.afterMs(exchange.head.method, index),
      lookMs: hedges === undefined ? lookMs(timeouts.patienceMs) : Number.POSITIVE_INFINITY,
      fellSilent: false,
      movedOn: false,
      outcome: undefined,
      status: 0,
      firstByteMs: 0,
      meant: 0,
      overloaded: false,
      agreed: false,
      fault: undefined,
    };
    attempts.push(attempt);
    return attempt;
  }
}
