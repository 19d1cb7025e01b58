import type { HealthPolicy } from '../config/topology-policy.ts';
import { withdrawnShare } from '../resilience/withdrawal.ts';
import { HEALTH_STATE, type HealthState, type LiveColumns } from '../table/endpoint-table.ts';
import type { Event } from '../table/event.ts';
import { assess, causeOf, type Facts, reasonOf } from './assessment.ts';
import type { CheckResult } from './check.ts';
import {
  type Evidence,
  errorRateOf,
  latencyOf,
  NO_EVIDENCE,
  onProbation,
  type TrafficCounts,
  whenIdle,
  withCheck,
  withCounts,
  withoutRate,
} from './evidence.ts';
import { afterCheck, isContested, type Reach, UNKNOWN } from './reach.ts';
import { between } from './traffic.ts';

export type StateEvent = Extract<Event, { type: 'endpoint-state' | 'endpoint-cause' }>;

/** An endpoint whose cause changes back and forth says so no more often than this, beside changes of its state. */
export const CAUSE_EVERY_MS = 60_000;

/** What the health loops know of one endpoint, from its first check to its last; the table has what others need of it. */
export class EndpointHealth {
  /** Another one when it goes by the name of another service or backend. */
  id: string;
  readonly row: number;
  policy: HealthPolicy;
  #reach: Reach = UNKNOWN;
  #evidence: Evidence = NO_EVIDENCE;
  #totals: TrafficCounts;
  #state: HealthState = 'unknown';
  /** Whether it has been degraded so far that it got no requests: it then comes back as one that was down does. */
  #away = false;
  #checkError: string | undefined;
  #facts: Facts = NOTHING_KNOWN;
  /** Why it is not well, as it was last told, and when a change of that alone was. */
  #toldCause = '';
  #toldMs = Number.NEGATIVE_INFINITY;
  #downSinceMs = Number.NEGATIVE_INFINITY;
  /** Since when it is up: for ever as far as anybody knows, unless it was down before. */
  #upSinceMs = Number.NEGATIVE_INFINITY;
  #wasUpMs = 0;

  /** `totals` are the row's counters so far, which may be those of an endpoint that had the row before. */
  constructor(id: string, row: number, policy: HealthPolicy, totals: TrafficCounts) {
    this.id = id;
    this.row = row;
    this.policy = policy;
    this.#totals = totals;
  }

  get state(): HealthState {
    return this.#state;
  }

  /** Why the state is what it is, in words, as things are now. */
  get reason(): string {
    return reasonOf(this.#facts, this.#checkError, this.policy);
  }

  /** Whether its checks have found it down. */
  get isDown(): boolean {
    return this.#reach.state === 'down';
  }

  /**
   * Whether it went down less than `ms` ago, after it had been up for as long: most such outages are short. One that goes up and down
   * is not waited for.
   */
  isFreshlyDown(ms: number, nowMs: number): boolean {
    return this.isDown && nowMs - this.#downSinceMs < ms && this.#wasUpMs >= ms;
  }

  /** Whether the last check contradicts the state, so that the next one should come soon. */
  get contested(): boolean {
    return isContested(this.#reach) || (this.#state === 'unhealthy' && this.#reach.state === 'up');
  }

  /** Whether its requests failed a short while ago, so that what they do now is worth another look before the next second is over. */
  isOnProbation(nowMs: number): boolean {
    return onProbation(this.#evidence, nowMs);
  }

  /** Takes in a check. Returns what it changed, if it did. */
  checked(result: CheckResult, live: LiveColumns, nowMs: number): StateEvent | undefined {
    const before = this.#reach.state;
    const wasDown = before === 'down';
    this.#reach = afterCheck(this.#reach, result.reachable, this.policy);
    if (this.isDown && before === 'up') {
      this.#downSinceMs = nowMs;
      this.#wasUpMs = nowMs - this.#upSinceMs;
    } else if (wasDown && !this.isDown) this.#upSinceMs = nowMs;
    // Its requests failed because it was down, and it is not any more.
    if (wasDown && this.#reach.state === 'up') this.#evidence = withoutRate(this.#evidence);
    if (result.error !== undefined) this.#checkError = result.error;
    // A refusal comes quickly: only an answer that was expected says how fast the endpoint is.
    const latencyMs = result.reachable ? result.latencyMs : undefined;
    this.#evidence = withCheck(this.#evidence, result.reachable, latencyMs, nowMs);
    return this.#settle(live, nowMs);
  }

  /** Takes in the row's counters. Returns what they changed, if they did. */
  counted(totals: TrafficCounts, live: LiveColumns, nowMs: number): StateEvent | undefined {
    const counts = between(this.#totals, totals);
    this.#totals = totals;
    const evidence = withCounts(this.#evidence, counts, nowMs);
    this.#evidence = counts.attempts === 0 ? whenIdle(evidence) : evidence;
    return this.#settle(live, nowMs);
  }

  #settle(live: LiveColumns, nowMs: number): StateEvent | undefined {
    const measuredMs = latencyOf(this.#evidence);
    const { row, policy } = this;
    const latencyMs = Number.isNaN(measuredMs) ? (live.latencyMs[row] as number) : measuredMs;
    const facts: Facts = { reach: this.#reach, latencyMs, errorRate: errorRateOf(this.#evidence) };
    this.#facts = facts;
    const { state, health } = assess(facts, policy);
    live.latencyMs[row] = latencyMs;
    live.errorRate[row] = facts.errorRate;
    live.health[row] = health;
    live.checksGood[row] = this.#reach.state === 'up' ? 1 : 0;
    const from = this.#state;
    if (state === 'degraded' && withdrawnShare(facts.errorRate, policy) === 1) this.#away = true;
    if (state === from) return state === 'healthy' || state === 'unknown' ? undefined : this.#causeChange(nowMs);
    this.#state = state;
    this.#toldCause = causeOf(facts, this.#checkError, policy);
    this.#toldMs = Number.NEGATIVE_INFINITY;
    // The ramp is there before the state that lets requests in.
    if (from === 'unhealthy' || (this.#away && state === 'healthy')) live.rampFromMs[row] = nowMs;
    if (state === 'healthy') this.#away = false;
    live.state[row] = HEALTH_STATE[state];
    return {
      type: 'endpoint-state',
      endpoint: this.id,
      from,
      to: state,
      health,
      reason: this.reason,
    };
  }

  /** The state stays and is not well: whether there is another reason for it. */
  #causeChange(nowMs: number): StateEvent | undefined {
    const cause = causeOf(this.#facts, this.#checkError, this.policy);
    if (cause === this.#toldCause || nowMs - this.#toldMs < CAUSE_EVERY_MS) return undefined;
    this.#toldCause = cause;
    this.#toldMs = nowMs;
    return { type: 'endpoint-cause', endpoint: this.id, state: this.#state, reason: this.reason };
  }
}

const NOTHING_KNOWN: Facts = { reach: UNKNOWN, latencyMs: Number.NaN, errorRate: 0 };
